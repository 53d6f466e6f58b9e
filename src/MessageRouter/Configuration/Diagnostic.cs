namespace MessageRouter.Configuration;

/// <summary>One finding about a configuration.</summary>
/// <param name="Severity">Whether it prevents the start.</param>
/// <param name="Message">What is wrong, as a phrase without a full stop; names are in backquotes.</param>
/// <param name="Span">Where; null when it is about no place in a text, such as a file that is missing.</param>
/// <param name="Hint">What to do about it; printed behind the carets.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Message, SourceSpan? Span, string? Hint = null)
{
    /// <summary>Whether a node says it itself when it starts.</summary>
    internal bool IsSaidAtStart { get; init; }
}
