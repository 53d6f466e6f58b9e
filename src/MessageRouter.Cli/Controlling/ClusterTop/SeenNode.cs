using MessageRouter.Clustering;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>A node of a cluster, as long as somebody watches: also while it is away.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Member">What the others see, or saw last.</param>
internal sealed record SeenNode(string Name, ClusterMember Member)
{
    /// <summary>What it said last; null where it has said nothing.</summary>
    public NodeStatus? Status { get; init; }

    /// <summary>Whether it answers.</summary>
    public bool IsThere => AwaySince is null;

    /// <summary>Since when it has not answered, in seconds of who watches; null while it does.</summary>
    public double? AwaySince { get; init; }

    /// <summary>Whether it is none of the cluster's nodes any more.</summary>
    public bool IsGone { get; init; }

    /// <summary>Whether it has gone of its own accord.</summary>
    public bool HasLeft { get; init; }

    /// <summary>When it came back; null where it has never been away.</summary>
    public double? BackSince { get; init; }

    /// <summary>For how long it had been away then.</summary>
    public double WasAway { get; init; }

    /// <summary>Whether it is another run of the node.</summary>
    public bool IsNewRun { get; init; }

    /// <summary>In one word.</summary>
    public string State => IsThere ? Status!.State : HasLeft ? "left" : IsGone ? "gone" : "away";
}
