using MessageRouter.Pools;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Workers;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Clustering;

/// <summary>Worker processes that the cluster places.</summary>
public class PlacedWorkersTests
{
    private readonly FakeCluster _cluster = new();
    private readonly ScriptedProcesses _processes = new();

    [Theory]
    [InlineData(0)]
    public async Task Processes_that_a_node_has_already_end_where_the_cluster_places_none_or_fewer_on_it(int share)
    {
        var group = WorkerNode.Group(instances: 4);
        await using var node = await _cluster.StartAsync("node", Some.Chain(new ProbeSource().Input()) with { Workers = [group] }, services => services.AddSingleton<IWorkerProcesses>(_processes));
        await _processes.NextAsync(4);

        // Nobody in it has the role of a worker: what this node has is none of the eight.
        var placed = share == 0 ? new PlacementOptions { Total = 8, Roles = ["worker"] } : new PlacementOptions { Total = share };
        var reload = node.Node.ReloadAsync(node.Node.Definition with { Workers = [group with { Instances = 0, Placement = placed }] });
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(50));
        await reload;

        await Eventually.IsTrueAsync(() => node.Node.Ledger().Processes.Count == share);
        await Eventually.IsTrueAsync(() => _cluster.View("node").Pools.Candidates.Sum(candidate => candidate.Running) == share);
    }
}
