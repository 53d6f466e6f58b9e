namespace MessageRouter.Pools;

/// <summary>How the copies of a filter, or the processes of a group, are placed on the nodes of a cluster.</summary>
public sealed record PlacementOptions
{
    /// <summary>How many there may be on all nodes together.</summary>
    internal const int MostInAll = 10_000;

    /// <summary>How many there are to be on all nodes together: 1 to 10000, of processes also 0.</summary>
    public required int Total { get; init; }

    /// <summary>How many there may be on this node: 1 to 1000. Default 1000.</summary>
    public int PerNode { get; init; } = Pool.MaxSize;

    /// <summary>The roles of which a node must have one for any to be placed on it; empty, the default, for all nodes.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>How many one node has that is alone.</summary>
    internal int Alone => Math.Min(Total, PerNode);

    /// <inheritdoc/>
    public bool Equals(PlacementOptions? other) => other is not null && Total == other.Total && PerNode == other.PerNode && Roles.SequenceEqual(other.Roles);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Total, PerNode, Roles.Count);
}
