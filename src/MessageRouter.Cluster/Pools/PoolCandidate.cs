namespace MessageRouter.Cluster.Pools;

/// <summary>That a node can have some of what is placed.</summary>
/// <param name="Name">What it is: a filter, or a group of processes.</param>
/// <param name="Total">How many there are to be on all nodes together, by this node's file.</param>
/// <param name="PerNode">How many there may be on it.</param>
/// <param name="Running">How many there are on it now; what ends counts until it has ended.</param>
internal sealed record PoolCandidate(string Name, int Total, int PerNode, int Running);
