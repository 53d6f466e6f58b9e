using System.Text.Json;
using MessageRouter.Cluster.Pools;
using MessageRouter.Cluster.Singletons;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>What a node tells all others of itself.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Version">The version of its router.</param>
/// <param name="Offers">The streams that it takes.</param>
/// <param name="Feeds">The streams that it feeds.</param>
internal sealed record NodeProfile(string Node, string Version, IReadOnlyList<StreamOffer> Offers, IReadOnlyList<StreamFeeding> Feeds)
{
    /// <summary>The singletons that its components can be.</summary>
    public IReadOnlyList<SingletonCandidate> Singletons { get; init; } = [];

    /// <summary>What it can have of the copies and processes that the cluster places.</summary>
    public IReadOnlyList<PoolCandidate> Pools { get; init; } = [];

    /// <summary>Which of the streams that it takes lead to which that it feeds.</summary>
    public IReadOnlyList<StreamFlow> Flows { get; init; } = [];

    /// <summary>The singletons that fail each time that they are opened there.</summary>
    public IReadOnlyList<string> Failing { get; init; } = [];

    /// <summary>The singletons that its supervision has given up.</summary>
    public IReadOnlyList<string> GivenUp { get; init; } = [];

    /// <summary>What would be at work there, had it the role for it.</summary>
    public IReadOnlyList<LackedRole> Lacking { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <returns>Null for what a node of another kind has written.</returns>
    public static NodeProfile? FromJson(string json) => ToldJson.Read<NodeProfile>(json, profile => profile is { Node: not null, Offers: not null, Feeds: not null, Singletons: not null, Pools: not null, Flows: not null, Failing: not null, GivenUp: not null, Lacking: not null });
}
