using Akka.Actor;
using MessageRouter.Clustering;
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
    [InlineData(1)]
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

    [Fact]
    public async Task One_that_is_wanted_again_before_its_group_has_heard_that_it_has_ended_counts_as_any_other()
    {
        var placements = new HeldPlacements();
        var group = WorkerNode.Group(instances: 0) with { Placement = new PlacementOptions { Total = 2 } };
        await using var node = await TestNode.StartAsync(
            Some.Chain(new ProbeSource().Input()) with { Workers = [group] }, services => services.AddSingleton<IWorkerProcesses>(_processes).AddSingleton<IPlacements>(placements));
        var place = await placements.Joined.WaitAsync(TestNode.Patience);
        place(2);
        await _processes.NextAsync(2);
        var second = await node.System.ActorSelection("/user/router/workers/w/2").ResolveOne(TestNode.Patience);
        var ended = second.WatchAsync();

        placements.Hold();
        place(1);
        await placements.IsHeld.WaitAsync(TestNode.Patience);
        await ended.WaitAsync(TestNode.Patience);
        place(2);
        placements.GoOn();

        Assert.Equal("w.2", (await _processes.NextAsync()).Name);
        await node.System.ActorSelection("/user/router/workers/w").Ask<ActorIdentity>(new Identify(1), TestNode.Patience);
        await Eventually.IsTrueAsync(
            () => node.Node.Ledger().Processes.Select(process => $"{process.Name} {process.State}").SequenceEqual(["w.1 running", "w.2 running"]), () => node.Node.Ledger().ToJson());
    }

    /// <summary>Says how many there are to be, and can hold the group up when that tells how many there are.</summary>
    private sealed class HeldPlacements : IPlacements, IPlacement
    {
        private readonly ManualResetEventSlim _goOn = new(initialState: true);
        private readonly TaskCompletionSource<Action<int>> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Action<int>> Joined => _joined.Task;

        public Task IsHeld => _held.Task;

        public void Hold() => _goOn.Reset();

        public void GoOn() => _goOn.Set();

        public IPlacement Join(string name, PlacementOptions options, Action<int> changed)
        {
            _joined.SetResult(changed);
            return this;
        }

        public Task ResizeAsync(string name, int total, CancellationToken cancellation) => throw new NotSupportedException();

        public void Change(PlacementOptions options)
        {
        }

        public void Leave()
        {
        }

        public void Say(int running)
        {
            if (_goOn.IsSet) return;
            _held.TrySetResult();
            Assert.True(_goOn.Wait(TestNode.Patience));
        }

        public void Dispose() => _goOn.Dispose();
    }
}
