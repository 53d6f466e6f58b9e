using System.Diagnostics.Metrics;
using MessageRouter.Ledger;

namespace MessageRouter.Monitoring.Metrics;

/// <summary>What the instruments of a node tell, at one moment.</summary>
internal sealed record NodeSample(
    KeyValuePair<string, object?>[] Tags, KeyValuePair<string, object?>[] Info, IReadOnlyList<ComponentSample> Components, IReadOnlyList<EdgeSample> Edges, IReadOnlyList<GroupSample> Groups,
    IReadOnlyList<Measurement<long>> States, TimeSpan Uptime, long MemoryWaiting, long MemoryLimit, bool IsMemoryFull, int SecurityProblems, ClusterSample Cluster)
{
    public Measurement<long> Of(long value) => new(value, Tags);
}

/// <summary>One component.</summary>
internal sealed record ComponentSample(KeyValuePair<string, object?>[] Tags, ComponentLine Line)
{
    public required IReadOnlyList<Measurement<long>> Dropped { get; init; }

    public required IReadOnlyList<Measurement<long>> States { get; init; }

    public required long Capacity { get; init; }

    public required double Fill { get; init; }

    /// <summary>Seconds; null where it is not known.</summary>
    public required double? Oldest { get; init; }

    public required double BackOff { get; init; }

    public required IReadOnlyList<Measurement<long>> Connections { get; init; }

    /// <summary>Null for what has no connections.</summary>
    public required ConnectionTotals? Totals { get; init; }

    /// <summary>Peers that were refused, by the rule.</summary>
    public required IReadOnlyList<Measurement<long>> Refused { get; init; }

    /// <summary>What other nodes had for it and it never got.</summary>
    public required IReadOnlyList<Measurement<long>> LostUpstream { get; init; }

    /// <summary>What it had for other nodes and did not send.</summary>
    public required IReadOnlyList<Measurement<long>> LostDownstream { get; init; }

    public required IReadOnlyList<Measurement<long>> Copies { get; init; }

    public Measurement<long> Of(long value) => new(value, Tags);

    public Measurement<double> Of(double value) => new(value, Tags);
}

/// <summary>All edges from one component to another: each of a pool's copies has its own.</summary>
internal sealed record EdgeSample(KeyValuePair<string, object?>[] Tags, long Offered, long Dropped, long Waiting)
{
    public Measurement<long> Of(long value) => new(value, Tags);
}

/// <summary>A group of worker processes.</summary>
internal sealed record GroupSample(IReadOnlyList<Measurement<long>> Processes, Measurement<long> Restarts);
