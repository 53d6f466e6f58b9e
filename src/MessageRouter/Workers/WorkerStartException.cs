using MessageRouter.Configuration;

namespace MessageRouter.Workers;

/// <summary>A worker process cannot be started: its program or directory is missing, or may not be used.</summary>
public sealed class WorkerStartException : Exception
{
    internal WorkerStartException(WorkerGroupDefinition group, string problem, Exception? cause = null)
        : base($"worker processes `{group.Name}` cannot be started: {problem}", cause)
    {
        Group = group;
        Problem = problem;
    }

    /// <summary>The group that it is one of.</summary>
    public WorkerGroupDefinition Group { get; }

    /// <summary>Where the value stands that it failed on; null where the group was made in code.</summary>
    public SourceSpan? Place { get => field ?? Group.Origin; internal init; }

    /// <summary>The report, with its place in the configuration.</summary>
    public override string ToString() => Report.TrimEnd();

    /// <summary>What is wrong and where, ready to print.</summary>
    internal string Report => DiagnosticPrinter.Print([Finding]);

    internal Diagnostic Finding => new(DiagnosticSeverity.Error, Message.TrimEnd('.'), Place);

    internal string Problem { get; }
}
