using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MessageRouter.Cli.Help;

/// <summary>Writes what <c>man</c> reads: roff with its macros for manuals.</summary>
internal sealed partial class RoffWriter
{
    private readonly StringBuilder _page = new();

    /// <summary>The begin of a page.</summary>
    public void Title(string name, int section, string source, string manual) =>
        Line($".TH {Text(name.ToUpperInvariant())} {section} \"\" \"{Text(source)}\" \"{Text(manual)}\"");

    public void Section(string name) => Line($".SH {name}");

    public void Subsection(string name) => Line($".SS {Text(name)}");

    /// <summary>Plain text; what is in backquotes is set as it is typed.</summary>
    public void Paragraph(string text)
    {
        if (text.Length == 0) return;
        Line(".PP");
        Line(Marked(text));
    }

    /// <summary>A term, which is roff already, and what it means.</summary>
    public void Item(string term, string text)
    {
        Line(".TP");
        Line(term);
        Line(Marked(text));
    }

    /// <summary>Command lines, as they stand.</summary>
    public void Examples(string? lines)
    {
        if (lines is null) return;
        Line(".PP");
        Line(".RS 2");
        Line(".nf");
        foreach (var line in lines.Split('\n')) Line(Protected(Text(line.TrimEnd().StartsWith("  ", StringComparison.Ordinal) ? line.TrimEnd()[2..] : line.TrimEnd())));
        Line(".fi");
        Line(".RE");
    }

    /// <summary>A line that is roff already.</summary>
    public void Line(string line) => _page.Append(line).Append('\n');

    public override string ToString() => _page.ToString();

    /// <summary>Text in which nothing is roff; a hyphen is one to copy.</summary>
    public static string Text(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            escaped.Append(character switch
            {
                '\\' => @"\e",
                '-' => @"\-",
                '\'' => @"\(aq",
                '`' => @"\(ga",
                '^' => @"\(ha",
                '~' => @"\(ti",
                '"' => @"\(dq",
                '…' => @".\|.\|.",
                > '~' => string.Create(CultureInfo.InvariantCulture, $"\\[u{(int)character:X4}]"),
                _ => character.ToString(),
            });
        }
        return escaped.ToString();
    }

    private static string Marked(string text) => Protected(string.Concat(CodePattern().Split(text).Select((part, i) => i % 2 == 1 ? $@"\fB{Text(part)}\fR" : Text(part))));

    // A line that begins so would be an instruction.
    private static string Protected(string line) => line is ['.' or '\'', ..] ? $@"\&{line}" : line;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodePattern();
}
