using System.Globalization;
using System.Text;

namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Reads strings: quoted, triple-quoted and unquoted.</summary>
internal sealed class TextParser(ParseContext context)
{
    private readonly Cursor _cursor = context.Cursor;

    /// <summary>The run of characters that need no quotes.</summary>
    public string ReadUnquoted()
    {
        var start = _cursor.Position;
        while (!_cursor.AtEnd && !Cursor.IsWhitespace(_cursor.Current) && !_cursor.At("//"))
        {
            if (Cursor.IsReserved(_cursor.Current) && !SkipSignOfExponent(start))
            {
                break;
            }

            _cursor.Position++;
        }

        return _cursor.Text[start.._cursor.Position];
    }

    /// <summary>What a person would call the word: up to white space, a comma, a quote or a bracket that it did not open.</summary>
    public int EndOfWord(int from)
    {
        var open = 0;
        var at = from;
        for (; at < _cursor.Text.Length; at++)
        {
            var c = _cursor.Text[at];
            if (Cursor.IsWhitespace(c) || c is ',' or '"' || (c is '}' or ']' && open == 0))
            {
                break;
            }

            open += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
        }

        return at;
    }

    public string ReadQuoted() => _cursor.At("\"\"\"") ? ReadTripleQuoted() : ReadSingleQuoted();

    private string ReadTripleQuoted()
    {
        var opening = _cursor.Position;
        var start = opening + 3;
        var end = _cursor.Text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0)
        {
            context.Diagnostics.Error(_cursor.Span(opening, 3), "this triple quote is never closed", "close it with `\"\"\"`");
            context.LoseTheRest();
            return _cursor.Text[start..];
        }

        // Of a longer run of quotes the last three close the string, the others belong to it.
        while (end + 3 < _cursor.Text.Length && _cursor.Text[end + 3] == '"')
        {
            end++;
        }

        _cursor.Position = end + 3;
        return _cursor.Text[start..end];
    }

    private string ReadSingleQuoted()
    {
        var opening = _cursor.Position++;
        var value = new StringBuilder();
        while (true)
        {
            var c = _cursor.Current;
            if (_cursor.AtEnd || _cursor.AtNewline)
            {
                context.Diagnostics.Error(
                    _cursor.Span(opening, 1), "this quote is never closed", "a quoted string ends on its line; `\"\"\"` may span lines");
                GiveBackClosers(opening + 1);
                return value.ToString();
            }

            if (c == '"')
            {
                _cursor.Position++;
                return value.ToString();
            }

            if (c == '\\')
            {
                ReadEscape(value);
                continue;
            }

            if (c < ' ' && !(c == '\r' && _cursor.Peek() == '\n'))
            {
                var escape = c switch
                {
                    '\t' => "\\t",
                    '\r' => "\\r",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                };
                context.Diagnostics.Error(
                    _cursor.Span(_cursor.Position, 1), "a quoted string cannot contain a control character", $"write it as `{escape}`");
            }

            value.Append(c);
            _cursor.Position++;
        }
    }

    /// <summary>Closing brackets at the end of the line more likely belong to the structure than to the string.</summary>
    private void GiveBackClosers(int start)
    {
        if (context.OpenBraces + context.OpenBrackets == 0)
        {
            return;
        }

        var at = _cursor.Position;
        while (at > start && (_cursor.Text[at - 1] is '}' or ']' or ',' || Cursor.IsWhitespace(_cursor.Text[at - 1])))
        {
            at--;
        }

        _cursor.Position = at;
    }

    private void ReadEscape(StringBuilder value)
    {
        var start = _cursor.Position;
        var c = _cursor.Peek();
        var simple = c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        if (simple != '\0')
        {
            value.Append(simple);
            _cursor.Position += 2;
            return;
        }

        if (c == 'u')
        {
            ReadUnicodeEscape(value, start);
            return;
        }

        _cursor.Position++;
        if (_cursor.AtEnd || _cursor.AtNewline)
        {
            return;
        }

        var length = char.IsSurrogatePair(c, _cursor.Peek()) ? 2 : 1;
        _cursor.Position += length;
        context.Diagnostics.Error(
            _cursor.SpanFrom(start), $"`{_cursor.Text[start.._cursor.Position]}` is no escape sequence", "write `\\\\` for a backslash");
    }

    private void ReadUnicodeEscape(StringBuilder value, int start)
    {
        if (!TryReadCodeUnit(out var unit))
        {
            _cursor.Position = start + 2;
            context.Diagnostics.Error(_cursor.SpanFrom(start), "`\\u` needs four hexadecimal digits", "as in `\\u00e9`");
            return;
        }

        value.Append(unit);
        if (char.IsHighSurrogate(unit) && TryReadCodeUnit(out var low))
        {
            value.Append(low);
            unit = char.IsLowSurrogate(low) ? ' ' : low;
        }

        if (char.IsSurrogate(unit))
        {
            value.Length = value.Length - 1;
            context.Diagnostics.Error(
                _cursor.SpanFrom(start), "this escape is half a character", "characters beyond `\\uffff` are written as two escapes");
        }
    }

    private bool TryReadCodeUnit(out char unit)
    {
        unit = '\0';
        var at = _cursor.Position;
        if (!_cursor.At("\\u") || at + 6 > _cursor.Text.Length
            || !ushort.TryParse(
                _cursor.Text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        unit = (char)code;
        _cursor.Position += 6;
        return true;
    }

    /// <summary><c>+</c> is reserved but in the exponent of a number.</summary>
    private bool SkipSignOfExponent(int start)
    {
        var at = _cursor.Position;
        if (_cursor.Current != '+' || !char.IsAsciiDigit(_cursor.Peek()) || _cursor.Text[Math.Max(start, at - 1)] is not ('e' or 'E'))
        {
            return false;
        }

        var end = at + 1;
        while (end < _cursor.Text.Length && char.IsAsciiDigit(_cursor.Text[end]))
        {
            end++;
        }

        var ends = end == _cursor.Text.Length || Cursor.IsWhitespace(_cursor.Text[end]) || Cursor.IsReserved(_cursor.Text[end]);
        return ends && NumberSyntax.IsNumber(_cursor.Text.AsSpan(start, end - start));
    }
}
