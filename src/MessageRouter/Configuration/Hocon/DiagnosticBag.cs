namespace MessageRouter.Configuration.Hocon;

/// <summary>Collects findings up to a limit: a file of another kind could have a million of them.</summary>
internal sealed class DiagnosticBag(int limit)
{
    private readonly List<Diagnostic> _found = [];
    private long _left;
    private DiagnosticSeverity _leftSeverity = DiagnosticSeverity.Warning;

    public void Error(SourceSpan? span, string message, string? hint = null) =>
        Add(new Diagnostic(DiagnosticSeverity.Error, message, span, hint));

    public void Warning(SourceSpan? span, string message, string? hint = null) =>
        Add(new Diagnostic(DiagnosticSeverity.Warning, message, span, hint));

    public IReadOnlyList<Diagnostic> ToList() => _left == 0
        ? [.. _found]
        : [.. _found, new Diagnostic(_leftSeverity, FormattableString.Invariant($"{_left} more findings are not shown"), null)];

    /// <summary>A piece of the user's text that is short enough to stand in a message.</summary>
    public static string Shorten(string text, int longest = 60)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return text[..end] + "...";
    }

    private void Add(Diagnostic diagnostic)
    {
        if (_found.Count < limit)
        {
            _found.Add(diagnostic);
        }
        else
        {
            _left++;
            if (diagnostic.Severity == DiagnosticSeverity.Error)
            {
                _leftSeverity = DiagnosticSeverity.Error;
            }
        }
    }
}
