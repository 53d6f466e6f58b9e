namespace MessageRouter.Configuration.Hocon;

/// <summary>Collects findings up to a limit: a file of another kind could have a million of them.</summary>
internal sealed class DiagnosticBag(int limit)
{
    private readonly List<Diagnostic> _found = [];
    private Diagnostic? _firstLeft;

    /// <summary>Whether nothing more is shown, so that there is no use in looking for more.</summary>
    public bool IsFull => _found.Count >= limit;

    public int Count => _found.Count;

    public bool HasErrors => _found.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    public Diagnostic Error(SourceSpan? span, string message, string? hint = null) =>
        Add(new Diagnostic(DiagnosticSeverity.Error, message, span, hint));

    public Diagnostic Warning(SourceSpan? span, string message, string? hint = null) =>
        Add(new Diagnostic(DiagnosticSeverity.Warning, message, span, hint));

    /// <summary>Takes back findings that came from a mistake found later.</summary>
    public void Remove(int from, Predicate<Diagnostic> mistaken)
    {
        var kept = _found.Skip(from).Where(diagnostic => !mistaken(diagnostic)).ToList();
        _found.RemoveRange(from, _found.Count - from);
        _found.AddRange(kept);
    }

    public IReadOnlyList<Diagnostic> ToList() => _firstLeft is null
        ? [.. _found]
        : [.. _found, _firstLeft with { Message = "nothing was looked for from here on: there are too many mistakes before", Hint = null }];

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

    private Diagnostic Add(Diagnostic diagnostic)
    {
        if (_found.Count < limit)
        {
            _found.Add(diagnostic);
        }
        else if (_firstLeft is null || (diagnostic.Severity == DiagnosticSeverity.Error && _firstLeft.Severity != DiagnosticSeverity.Error))
        {
            _firstLeft = diagnostic;
        }

        return diagnostic;
    }
}
