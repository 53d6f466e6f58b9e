using Akka.Actor;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Pools;

namespace MessageRouter.Cluster.Pools;

/// <summary>Has the cluster place copies and processes on its nodes: asks the one that decides.</summary>
/// <param name="system">This node's part in the cluster; null while it has none.</param>
/// <param name="view">Knows who decides.</param>
/// <param name="patience">How long somebody is waited for who decides.</param>
internal sealed class Placements(Func<ActorSystem?> system, ClusterView view, TimeSpan patience) : IPlacements
{
    /// <summary>How long his answer may take.</summary>
    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public IPlacement Join(string name, PlacementOptions options, Action<int> changed) => view.Pools.Join(name, options, changed);

    public async Task ResizeAsync(string name, int total, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < patience)
        {
            if (system() is { } own && view.Oldest is { } oldest)
            {
                var told = await Door.AskAsync<PoolTold>(own, oldest, new ResizePool(name, total), PatienceWithOne, cancellation);
                cancellation.ThrowIfCancellationRequested();
                if (told?.Outcome == PoolOutcome.Resized) return;
                if (told?.Outcome == PoolOutcome.Unknown) throw new InvalidOperationException($"No node of the cluster can have any of {name}.");
            }
            await Task.Delay(Pause, cancellation);
        }
        throw new InvalidOperationException($"{name} cannot be resized: nobody of the cluster decides now; the node is not one of it, or it is divided.");
    }
}
