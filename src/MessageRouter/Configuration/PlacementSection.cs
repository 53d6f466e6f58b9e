using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Pools;

namespace MessageRouter.Configuration;

/// <summary>How many copies or processes a cluster has, in place of a number: <c>instances.cluster</c>.</summary>
internal sealed record PlacementSection
{
    [Description("How many there are on all nodes of the cluster together.")]
    [Range(0, PlacementOptions.MostInAll)]
    public required int Total { get; init; }

    [Description("How many there may be on this node.")]
    [Range(1, Pool.MaxSize)]
    public int PerNode { get; init; } = Pool.MaxSize;

    [Description("The roles of which a node must have one for any to be placed on it; by default all nodes get some.")]
    public IReadOnlyList<string> Roles { get; init; } = [];

    public PlacementOptions ToOptions() => new() { Total = Total, PerNode = PerNode, Roles = Roles };
}
