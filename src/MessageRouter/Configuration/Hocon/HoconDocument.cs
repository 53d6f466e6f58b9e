namespace MessageRouter.Configuration.Hocon;

/// <summary>What was read: the resolved tree, with <see cref="HoconBroken"/> for what could not be found out, and every finding.</summary>
/// <param name="Root">The tree.</param>
/// <param name="Diagnostics">Every finding.</param>
/// <param name="IsWhole">Whether all of the text was read: where a brace is missing, or a file, much else may only seem to be wrong.</param>
internal sealed record HoconDocument(HoconObject Root, IReadOnlyList<Diagnostic> Diagnostics, bool IsWhole)
{
    public bool HasErrors { get; } = Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
