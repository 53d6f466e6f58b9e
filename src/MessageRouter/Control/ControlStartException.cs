using MessageRouter.Configuration;

namespace MessageRouter.Control;

/// <summary>The control endpoint cannot be what the configuration says: its address is taken, a file cannot be read. Nothing was started.</summary>
public sealed class ControlStartException : Exception
{
    internal ControlStartException(string problem, SourceSpan? place, string? cure = null, Exception? cause = null)
        : base($"the control endpoint cannot be opened: {problem.TrimEnd('.')}", cause)
    {
        Place = place;
        Cure = cure;
    }

    /// <summary>Where the value stands that it failed on; null where it was made in code.</summary>
    public SourceSpan? Place { get; }

    /// <summary>The report, with its place in the configuration.</summary>
    public override string ToString() => Report.TrimEnd();

    /// <summary>What is wrong, where, and what to do about it, ready to print.</summary>
    internal string Report => DiagnosticPrinter.Print([new Diagnostic(DiagnosticSeverity.Error, Message, Place, Cure)]);

    private string? Cure { get; }
}
