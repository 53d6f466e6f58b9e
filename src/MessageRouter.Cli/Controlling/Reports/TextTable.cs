using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Reports;

/// <summary>A table for people: headings, and columns as wide as what is in them; numbers stand right, words left.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    public static string Print(IReadOnlyList<(string Heading, bool IsNumber)> columns, IEnumerable<string[]> lines)
    {
        List<string[]> rows = [[.. columns.Select(column => column.Heading)], .. lines.Select(line => line.Select(SafeText.Of).ToArray())];
        var widths = columns.Select((_, column) => rows.Max(row => Columns(row[column]))).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows) text.Append(string.Join(Gap, row.Select((cell, column) => Pad(cell, widths[column], columns[column].IsNumber))).TrimEnd()).Append('\n');
        return text.ToString();
    }

    /// <summary>How many columns of a terminal a text takes.</summary>
    public static int Columns(string text)
    {
        if (System.Text.Ascii.IsValid(text)) return text.Length;
        var width = 0;
        for (var at = 0; at < text.Length;)
        {
            at += SafeText.Next(text.AsSpan(at), out _, out var columns);
            width += columns;
        }
        return width;
    }

    private static string Pad(string text, int width, bool isNumber)
    {
        var pad = new string(' ', Math.Max(0, width - Columns(text)));
        return isNumber ? pad + text : text + pad;
    }
}
