using MessageRouter.Components;

namespace MessageRouter.Trials;

/// <summary>What became of one message in one component.</summary>
internal sealed record TrialStep
{
    public required TrialEnd End { get; init; }

    /// <summary>What goes on, or, of an output, what is written.</summary>
    public IReadOnlyList<Message> Passed { get; init; } = [];

    /// <summary>Why the component could not, or why the message was dropped.</summary>
    public string? Problem { get; init; }

    /// <summary>What went to the error chain.</summary>
    public TrialError? Error { get; init; }

    /// <summary>What the filter says itself.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];

    /// <summary>Which copy of a pool had it; null where there is none.</summary>
    public int? Copy { get; init; }

    /// <summary>How long it took, by the real clock.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>How long the component waited, by the trial's clock.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Whether its supervision has restarted it after that.</summary>
    public bool IsRestarted { get; init; }

    /// <summary>Whether its supervision has ended it after that.</summary>
    public bool IsStopped { get; init; }
}

/// <summary>What the error chain was told.</summary>
/// <param name="Kind">What the component could not do.</param>
/// <param name="Exception">What it threw; null where it threw nothing.</param>
/// <param name="Attempts">How often it tried.</param>
internal sealed record TrialError(string Kind, string? Exception, int Attempts);

/// <summary>How a message ended in a component.</summary>
internal enum TrialEnd
{
    /// <summary>Something goes on, or is written.</summary>
    Passed,

    /// <summary>Nothing goes on.</summary>
    Filtered,

    /// <summary>The component threw on it, or could not read or write it.</summary>
    Failed,

    Dropped,

    /// <summary>The component still had it when the time was over.</summary>
    Held,

    /// <summary>The component could not be started.</summary>
    NotStarted,
}
