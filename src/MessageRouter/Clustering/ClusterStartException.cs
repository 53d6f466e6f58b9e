using MessageRouter.Configuration;

namespace MessageRouter.Clustering;

/// <summary>The node cannot be one of its cluster as the configuration says: its address is taken, a file cannot be read. Nothing was started.</summary>
public sealed class ClusterStartException : Exception
{
    internal ClusterStartException(string problem, SourceSpan? place, string? cure = null, Exception? cause = null)
        : base($"the node cannot be one of its cluster: {problem.TrimEnd('.')}", cause)
    {
        Problem = problem.TrimEnd('.');
        Place = place;
        Cure = cure;
    }

    /// <summary>Where the value stands that it failed on; null where it was made in code.</summary>
    public SourceSpan? Place { get; }

    /// <summary>What is wrong, alone.</summary>
    internal string Problem { get; }

    private string? Cure { get; }

    /// <summary>The report, with its place in the configuration.</summary>
    public override string ToString() => Report.TrimEnd();

    /// <summary>What is wrong, where, and what to do about it, ready to print.</summary>
    internal string Report => DiagnosticPrinter.Print([new Diagnostic(DiagnosticSeverity.Error, Message, Place, Cure)]);
}
