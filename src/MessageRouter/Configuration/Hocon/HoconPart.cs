namespace MessageRouter.Configuration.Hocon;

/// <summary>Finds where a part of a value's text stands in the file, behind quotes and escapes.</summary>
internal static class HoconPart
{
    private const string TripleQuote = "\"\"\"";

    /// <summary>The part's place; null where the text was put together from several places.</summary>
    public static SourceSpan? Locate(HoconScalar scalar, int start, int length)
    {
        var source = scalar.Span.Source;
        var from = source.Lines.Offset(scalar.Span.Line, scalar.Span.Column);
        var written = source.Text.AsSpan(from, Math.Min(scalar.Span.Length, source.Text.Length - from));
        if (Find(written, scalar.Text, start) is not { } first || Find(written, scalar.Text, start + length) is not { } end) return null;
        var (line, column) = source.Lines.Locate(from + first);
        return new SourceSpan(source, line, column, end - first);
    }

    private static int? Find(ReadOnlySpan<char> written, string text, int index)
    {
        if (written.SequenceEqual(text)) return index;
        if (written.StartsWith(TripleQuote) && written.Length >= 2 * TripleQuote.Length && written[TripleQuote.Length..^TripleQuote.Length].SequenceEqual(text))
            return index + TripleQuote.Length;
        return written.StartsWith('"') ? FindQuoted(written, text, index) : null;
    }

    private static int? FindQuoted(ReadOnlySpan<char> written, string text, int index)
    {
        int? found = null;
        var at = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (i == index) found = at;
            if (at >= written.Length || written[at] == '"') return null;
            at += written[at] != '\\' ? 1 : at + 1 < written.Length && written[at + 1] == 'u' ? 6 : 2;
        }
        return at != written.Length - 1 ? null : found ?? at;
    }
}
