using System.Text.Json;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Pools;

/// <summary>How many of something each node is to have.</summary>
/// <param name="Epoch">Which of the decisions it is: the one with the higher number is the newer one.</param>
/// <param name="Name">What it is: a filter, or a group of processes.</param>
/// <param name="Total">How many there are to be on all nodes together.</param>
/// <param name="Written">What the files of all nodes said last, so that it is seen when they say something else.</param>
/// <param name="Shares">How many each node is to have, by its name.</param>
internal sealed record PoolShares(long Epoch, string Name, int Total, int Written, IReadOnlyDictionary<string, int> Shares) : IAgreement<PoolShares>
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static PoolShares? FromJson(string json) => ToldJson.Read<PoolShares>(json, shares => shares is { Name: not null, Shares: not null });
}
