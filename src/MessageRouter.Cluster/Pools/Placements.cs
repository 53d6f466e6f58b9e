using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Pools;

namespace MessageRouter.Cluster.Pools;

/// <summary>Has the cluster place copies and processes on its nodes: asks the one that decides.</summary>
/// <param name="register">This node's part.</param>
/// <param name="decider">That node.</param>
internal sealed class Placements(PoolRegister register, Decider decider) : IPlacements
{
    public IPlacement Join(string name, PlacementOptions options, Action<int> changed) => register.Join(name, options, changed);

    public async Task ResizeAsync(string name, int total, CancellationToken cancellation)
    {
        var told = await decider.AskAsync<PoolTold>(new ResizePool(name, total), (_, told) => told is { Outcome: not PoolOutcome.NotHere }, cancellation)
            ?? throw new InvalidOperationException($"{name} cannot be resized: nobody of the cluster decides now; the node is not one of it, or it is divided.");
        if (told.Outcome == PoolOutcome.Unknown) throw new InvalidOperationException($"No node of the cluster can have any of {name}.");
    }
}
