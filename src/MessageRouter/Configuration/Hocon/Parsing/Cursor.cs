using System.Globalization;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>The place in a text that has been read up to.</summary>
internal sealed class Cursor(SourceText source)
{
    public SourceText Source { get; } = source;

    public string Text { get; } = source.Text;

    public int Position { get; set; }

    public bool AtEnd => Position >= Text.Length;

    /// <summary>The next character; NUL at the end, which is no character that HOCON gives a meaning.</summary>
    public char Current => Position < Text.Length ? Text[Position] : '\0';

    public bool AtComment => Current == '#' || At("//");

    public bool AtNewline => Current == '\n';

    public bool AtEndOfValue => AtEnd || AtNewline || Current is ',' or '}' or ']' || AtComment;

    public bool At(string text) => string.CompareOrdinal(Text, Position, text, 0, text.Length) == 0;

    public char Peek(int offset = 1) => Position + offset < Text.Length ? Text[Position + offset] : '\0';

    public SourceSpan Span(int start, int length)
    {
        var (line, column) = Source.Lines.Locate(start);
        return new SourceSpan(Source, line, column, length);
    }

    public SourceSpan SpanFrom(int start) => Span(start, Position - start);

    /// <summary>Skips white space other than newlines.</summary>
    public void SkipInline()
    {
        while (!AtEnd && !AtNewline && IsWhitespace(Current))
        {
            Position++;
        }
    }

    public void SkipLine()
    {
        var end = Text.IndexOf('\n', Position);
        Position = end < 0 ? Text.Length : end;
    }

    /// <summary>Skips white space, newlines and comments; says whether there was a newline.</summary>
    public bool SkipAll()
    {
        var newline = false;
        while (!AtEnd)
        {
            if (AtNewline)
            {
                newline = true;
                Position++;
            }
            else if (IsWhitespace(Current))
            {
                Position++;
            }
            else if (AtComment)
            {
                SkipLine();
            }
            else
            {
                break;
            }
        }

        return newline;
    }

    /// <summary>How many characters stand before the place in its line; null when they are not all white space.</summary>
    public int? Indentation(int position)
    {
        var column = Source.Lines.Locate(position).Column - 1;
        return IndentationOfLine(position) == column ? column : null;
    }

    public int IndentationOfLine(int position)
    {
        var start = position - Source.Lines.Locate(position).Column + 1;
        var at = start;
        while (at < position && IsWhitespace(Text[at]))
        {
            at++;
        }

        return at - start;
    }

    public static bool IsWhitespace(char c) => c switch
    {
        ' ' or (>= '\t' and <= '\r') or (>= '\u001C' and <= '\u001F') or '\uFEFF' => true,
        < '\u0080' => false,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator,
    };

    /// <summary>Whether the character has, or may later get, a meaning of its own outside of quotes.</summary>
    public static bool IsReserved(char c) => "$\"{}[]:=,+#`^?!@*&\\".Contains(c, StringComparison.Ordinal);
}
