namespace MessageRouter.Configuration.Hocon;

/// <summary>What was read: the resolved tree, without the values that could not be read, and every finding.</summary>
internal sealed record HoconDocument(HoconObject Root, IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors { get; } = Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
