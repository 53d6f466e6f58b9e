using MessageRouter.Components;
using MessageRouter.Pools;
using MessageRouter.Reloading;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Workers;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Reloading;

/// <summary>Worker processes and copies of pools that their supervision has given up are started again by a reload, as components are, and copies by another size of their pool too.</summary>
public sealed class StartedAgainTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly WorkerGroupDefinition Group = WorkerNode.Group(instances: 2, supervision: new SupervisionOptions { OnError = OnError.Stop });

    private readonly ProbeSource _source = new();
    private volatile bool _fails = true;
    private volatile bool _isTaken;
    private int _opened;

    [Fact]
    public async Task A_process_that_had_been_given_up_is_started_again_although_nothing_has_changed_and_the_others_go_on()
    {
        await using var node = await GivenUpAsync();

        var plan = await ReloadAsync(node, Group with { Command = [.. Group.Command] });

        var block = Assert.Single(plan.Blocks, block => block.Action != BlockAction.Untouched);
        Assert.Equal(("workers.w", BlockAction.ChangedInPlace, "those that had been given up are started again; the others go on"), (block.Name, block.Action, block.Effect));
        Assert.Equal("w.1", (await node.Processes.NextAsync()).Name);
        Assert.Equal([("running", 0L), ("running", 0L)], node.Node.Ledger().Processes.Select(process => (process.State, process.Restarts)));
        Assert.False(node.Node.HasFailedComponents);
        Assert.Empty(node.Processes.Deeds);
        Assert.False(node.Node.PlanReload(node.Node.Definition).ChangesAnything);
    }

    [Fact]
    public async Task A_process_that_does_not_come_up_again_is_said_and_its_group_is_as_it_was()
    {
        await using var node = await GivenUpAsync();
        node.Processes.Problem = "it is not there";

        var failure = await Assert.ThrowsAsync<ReloadException>(() => ReloadAsync(node, Group));

        Assert.Equal("workers.w.1 does not come up: it could not be started, it is not there", failure.Message);
        Assert.Equal(["stopped", "running"], node.Node.Ledger().Processes.Select(process => process.State));
        Assert.Empty(node.Processes.Deeds);
    }

    [Fact]
    public async Task A_process_that_had_been_given_up_stays_so_where_a_reload_fails_before_its_turn()
    {
        await using var node = await GivenUpAsync();
        var broken = ScriptedFilter.Of(message => message, "g") with { Options = new ScriptedFilter.Options { Open = _ => throw new IOException("no such disk") } };
        var now = node.Node.Definition;

        await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(now with { Components = [.. now.Components, broken.To("sink")] }));
        await node.HandledAsync("w");

        Assert.Equal(["stopped", "running"], node.Node.Ledger().Processes.Select(process => process.State));
    }

    [Fact]
    public async Task A_copy_that_had_been_stopped_is_started_again_although_nothing_has_changed_and_the_others_go_on()
    {
        await using var node = await StoppedCopyAsync();
        _fails = false;

        var plan = await node.Node.ReloadAsync(node.Node.Definition);

        var block = Assert.Single(plan.Blocks, block => block.Action != BlockAction.Untouched);
        Assert.Equal(("filters.f", BlockAction.ChangedInPlace, "goes on; copies that had been stopped are started again"), (block.Name, block.Action, block.Effect));
        Assert.Equal(["running", "running"], States(node));
        Assert.Equal(3, _opened);
        _source.SendNumbers(2, 10);
        Assert.Equal(Some.Texts(2, 10).Order(), (await node.SinkAsync(10)).Order());
        Assert.All(node["filters.f"].Workers!, copy => Assert.InRange(copy.In, 5, 6));
        Assert.False(node.Node.PlanReload(node.Node.Definition).ChangesAnything);
    }

    [Fact]
    public async Task A_copy_that_does_not_open_again_is_said_and_its_pool_is_as_it_was()
    {
        await using var node = await StoppedCopyAsync();
        (_fails, _isTaken) = (false, true);

        var failure = await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(node.Node.Definition));

        Assert.Equal("filters.f could not be started: the port is taken", failure.Message);
        Assert.Equal(["stopped", "running"], States(node));
        _source.SendNumbers(2, 10);
        Assert.Equal(10, (await node.SinkAsync(10)).Count);
    }

    [Theory]
    [InlineData(1, "running")]
    [InlineData(3, "running running running")]
    public async Task A_pool_that_gets_another_size_has_as_many_copies_at_work(int size, string states)
    {
        await using var node = await StoppedCopyAsync();
        _fails = false;
        var now = node.Node.Definition;

        await node.Node.ReloadAsync(now with { Components = [.. now.Components.Select(known => known.Name == "f" ? known with { Instances = size, Route = PoolRoute.RoundRobin } : known)] });

        Assert.Equal(states, string.Join(' ', States(node)));
        _source.SendNumbers(2, 10);
        Assert.Equal(10, (await node.SinkAsync(10)).Count);
    }

    [Theory]
    [InlineData(1, "running")]
    [InlineData(2, "running running")]
    [InlineData(3, "running running running")]
    public async Task A_pool_that_is_resized_has_as_many_copies_at_work(int size, string states)
    {
        await using var node = await StoppedCopyAsync();
        _fails = false;

        await node.Node.ResizeAsync("f", size).WaitAsync(TestNode.Patience);

        Assert.Equal(states, string.Join(' ', States(node)));
        _source.SendNumbers(2, 10);
        Assert.Equal(10, (await node.SinkAsync(10)).Count);
        Assert.False(node.Node.HasFailedComponents);
    }

    /// <summary>A node with two processes, the first one of which has been given up.</summary>
    private static async Task<WorkerNode> GivenUpAsync()
    {
        var node = await WorkerNode.StartAsync(Group);
        await node.ExitAsync((await node.Processes.NextAsync(2))[0]);
        await node.WaitForStateAsync("w.1", "stopped");
        return node;
    }

    private static async Task<ReloadPlan> ReloadAsync(WorkerNode node, WorkerGroupDefinition group)
    {
        var reload = node.Node.ReloadAsync(node.Node.Definition with { Workers = [group] });
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Test.Clock, Step);
        return await reload;
    }

    /// <summary>A node with a pool of two copies, the first one of which has been stopped.</summary>
    private async Task<TestNode> StoppedCopyAsync()
    {
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Open = _ =>
            {
                Interlocked.Increment(ref _opened);
                if (_isTaken) throw new IOException("the port is taken");
            },
            Filter = message => _fails ? throw new InvalidOperationException("no") : message,
        });
        var node = await TestNode.StartAsync(Some.Chain(_source.Input(), filter.On(OnError.Stop) with { Instances = 2, Route = PoolRoute.RoundRobin }));
        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node.CellOf("filters/f").Pool!.Copies[0].State == PoolCopyState.Stopped);
        return node;
    }

    private static IEnumerable<string> States(TestNode node) => node["filters.f"].Workers!.Select(copy => copy.State);
}
