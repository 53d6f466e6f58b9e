using System.Text;
using MessageRouter.Configuration;

namespace MessageRouter.Cli.Formatting;

/// <summary>
/// Lays a HOCON file out in the one style, and changes nothing else: comments, order, includes, substitutions and all text stay as they are written, and so do blank lines, one
/// at a time. What its author has on one line stays on one.
/// </summary>
internal static class HoconFormatter
{
    /// <summary>Spaces between what a line says and its comment.</summary>
    private const int Gap = 2;

    /// <summary>Formats a text that has no mistake.</summary>
    public static string Format(SourceText source)
    {
        var lines = LayoutWriter.Write(new BlockReader(source).Read());
        var ending = source.Text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var first && source.Text[first - 1] == '\r' ? "\r\n" : "\n";
        var text = new StringBuilder();
        for (var at = 0; at < lines.Count;)
        {
            var end = EndOfRun(lines, at);
            var column = lines.Take(at..end).Max(line => line.Width) + Gap;
            for (; at < end; at++) Write(text, lines[at], column).Append(ending);
        }
        return text.ToString();
    }

    /// <summary>Comments behind lines that follow one another, at one depth, stand below one another.</summary>
    private static int EndOfRun(IReadOnlyList<Line> lines, int start)
    {
        var end = start + 1;
        while (lines[start].HasRemarkBehind && end < lines.Count && lines[end].HasRemarkBehind && lines[end].Indent == lines[start].Indent) end++;
        return end;
    }

    private static StringBuilder Write(StringBuilder text, Line line, int column)
    {
        if (line == Line.Blank) return text;
        text.Append(' ', line.Indent).Append(line.Text);
        if (line.Remark is null) return text;
        if (line.HasRemarkBehind) text.Append(' ', column - line.Width);
        else if (line.Text.Length > 0) text.Append(' ', Gap);
        return text.Append(line.Remark);
    }
}
