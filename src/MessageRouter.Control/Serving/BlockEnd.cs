namespace MessageRouter.Control.Serving;

/// <summary>Finds where a block of HOCON ends, for who shows it: past strings and comments, at the brace that closes it.</summary>
internal static class BlockEnd
{
    /// <param name="text">The text, which could be read.</param>
    /// <param name="begin">Where the block's name begins.</param>
    /// <returns>Behind the closing brace; at the end of the line where there is none.</returns>
    public static int Of(string text, int begin)
    {
        var depth = 0;
        for (var at = begin; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    at = StringEnd(text, at);
                    break;
                case '#':
                case '/' when text.AsSpan(at).StartsWith("//"):
                    at = LineEnd(text, at);
                    if (depth == 0) return at;
                    break;
                case '\n' when depth == 0:
                    return at;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']':
                    if (--depth <= 0) return depth < 0 ? at : at + 1;
                    break;
            }
        }
        return text.Length;
    }

    private static int LineEnd(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

    private static int StringEnd(string text, int at)
    {
        const string Triple = "\"\"\"";
        if (text.AsSpan(at).StartsWith(Triple))
        {
            var end = text.IndexOf(Triple, at + 3, StringComparison.Ordinal);
            if (end < 0) return text.Length;

            // Further quotes belong to the text.
            end += 2;
            while (end + 1 < text.Length && text[end + 1] == '"') end++;
            return end;
        }
        for (at++; at < text.Length && text[at] != '"' && text[at] != '\n'; at++)
        {
            if (text[at] == '\\') at++;
        }
        return at;
    }
}
