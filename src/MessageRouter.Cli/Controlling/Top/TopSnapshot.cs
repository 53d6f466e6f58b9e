using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What is known of a node at one moment.</summary>
/// <param name="Status">The node as it was last.</param>
/// <param name="Earlier">And before that, for rates of what has none; null for not known.</param>
/// <param name="Health">How it says that it is; null for not known.</param>
internal sealed record TopSnapshot(NodeStatus Status, NodeStatus? Earlier = null, NodeHealth? Health = null)
{
    /// <summary>Seconds for which it has not answered; null while it does.</summary>
    public double? SilentSeconds { get; init; }

    /// <summary>Seconds between the two moments; 0 where there is only one, or they are those of two processes.</summary>
    public double Elapsed => Earlier is { } earlier && earlier.Process.Pid == Status.Process.Pid ? Math.Max(0, Status.UptimeSeconds - earlier.UptimeSeconds) : 0;

    public TopSnapshot Then(NodeStatus status, NodeHealth? health) => new(status, Status, health ?? Health);
}
