namespace MessageRouter.Configuration;

/// <summary>A configuration is wrong; the message is the whole report, ready to print.</summary>
/// <param name="diagnostics">Every finding, warnings included.</param>
public sealed class ConfigurationException(IReadOnlyList<Diagnostic> diagnostics) : Exception(DiagnosticPrinter.Print(diagnostics))
{
    /// <summary>Every finding, warnings included.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;

    /// <summary>The report. Where in the program it was thrown helps nobody: the places are in it.</summary>
    public override string ToString() => Message.TrimEnd();
}
