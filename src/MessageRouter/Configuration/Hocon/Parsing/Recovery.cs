namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Leaves out what cannot be read, so that what follows can be. It never recurses.</summary>
internal sealed class Recovery(Cursor cursor)
{
    private readonly Cursor _cursor = cursor;

    /// <summary>Leaves out the rest of a value that cannot be read.</summary>
    public void SkipToEnd()
    {
        while (!_cursor.AtEndOfValue)
        {
            if (_cursor.Current is '{' or '[')
            {
                SkipBracketed();
            }
            else
            {
                _cursor.Position = _cursor.Current == '"' ? EndOfQuoted(_cursor.Position) : _cursor.Position + 1;
            }
        }
    }

    /// <summary>Leaves out an object or array with all that is in it, however deep that is.</summary>
    public void SkipBracketed()
    {
        for (long open = 0; !_cursor.AtEnd;)
        {
            if (_cursor.AtComment)
            {
                _cursor.SkipLine();
                continue;
            }

            var c = _cursor.Current;
            _cursor.Position = c == '"' ? EndOfQuoted(_cursor.Position) : _cursor.Position + 1;
            open += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            if (open <= 0 && c is '}' or ']')
            {
                return;
            }
        }
    }

    /// <summary>Where the quoted string that begins there ends.</summary>
    public int EndOfQuoted(int at)
    {
        var text = _cursor.Text;
        if (string.CompareOrdinal(text, at, "\"\"\"", 0, 3) == 0)
        {
            var end = text.IndexOf("\"\"\"", at + 3, StringComparison.Ordinal);
            return end < 0 ? text.Length : end + 3;
        }

        for (at++; at < text.Length && text[at] is not ('"' or '\n'); at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length && text[at + 1] != '\n' ? 1 : 0;
        }

        return at < text.Length && text[at] == '"' ? at + 1 : at;
    }
}
