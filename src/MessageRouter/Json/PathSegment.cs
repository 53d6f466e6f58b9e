using System.Globalization;
using System.Text;

namespace MessageRouter.Json;

/// <summary>One name of a <see cref="FieldPath"/>, in the forms that reading and editing need.</summary>
internal sealed class PathSegment
{
    private const int NotAnIndex = -1;

    public PathSegment(string text)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
        Quoted = JsonText.Quote(text);
        Index = IndexOf(text);
    }

    public string Text { get; }

    public byte[] Utf8 { get; }

    /// <summary>The name as a JSON string.</summary>
    public byte[] Quoted { get; }

    /// <summary>The place in an array; negative when the name is not one.</summary>
    public int Index { get; }

    // Nine digits always fit an int; no array in a span has more elements than that.
    private static int IndexOf(string text) =>
        text.Length is > 0 and <= 9
        && (text[0] != '0' || text.Length == 1)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : NotAnIndex;
}
