using System.Text;

namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>Writes paths the way they are written in HOCON.</summary>
internal static class PathText
{
    private const int LongestShown = 200;

    public static string Of(IEnumerable<string> path)
    {
        var text = new StringBuilder();
        foreach (var key in path)
        {
            if (text.Length > LongestShown)
            {
                return text.Append("...").ToString();
            }

            text.Append(text.Length == 0 ? "" : ".");
            if (key.Length > 0 && key.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'))
            {
                text.Append(key);
            }
            else
            {
                text.Append('"').Append(DiagnosticBag.Shorten(key)).Append('"');
            }
        }

        return text.ToString();
    }
}
