using MessageRouter.Components;
using MessageRouter.Pools;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Pools;

public class SetAsideTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly SupervisionOptions Impatient = new()
    {
        MaxRestarts = 1,
        MinBackoff = TimeSpan.FromMilliseconds(100),
        MaxBackoff = TimeSpan.FromSeconds(10),
    };

    private readonly ProbeSource _source = new();
    private volatile bool _firstFails = true;
    private volatile bool _allFail;

    [Fact]
    public async Task A_copy_that_keeps_failing_is_set_aside_and_its_queue_goes_to_the_others()
    {
        await using var node = await StartAsync(2);

        _source.SendNumbers(1, 20);
        await UntilAsync(node, "set-aside", "running");

        // It failed on three: at once again, after the pause, and once more than it may.
        Assert.Equal(17, (await node.SinkAsync(17)).Count);
        Assert.Equal(3, node["filters.f"].Failed);
        Assert.Equal(0, node["filters.f"].Queued);
        var line = Assert.Single(node.Log.Lines, line => line.Level == LogLevel.Error);
        Assert.Equal(("filters.f/1", "Failed: InvalidOperationException: no Set aside for 10 s, since it keeps failing; what was queued for it goes to the other copies."), (line.Category, line.Text));
        Assert.False(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task It_gets_nothing_while_it_is_away_and_is_taken_back_after_the_longest_pause()
    {
        await using var node = await StartAsync(2);
        _source.SendNumbers(1, 20);
        await UntilAsync(node, "set-aside", "running");
        var before = node["filters.f"].Workers![0].In;
        _source.SendNumbers(21, 10);
        await node.SinkAsync(27);
        Assert.Equal(before, node["filters.f"].Workers![0].In);

        _firstFails = false;
        await node.HandledAsync("filters/f/1");
        node.Clock.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(node, "running", "running");
        Assert.Contains(node.Log.Lines, line => line is { Category: "filters.f/1", Text: "Taken back into the pool." });

        _source.SendNumbers(31, 10);
        await node.SinkAsync(37);
        Assert.Equal(before + 5, node["filters.f"].Workers![0].In);
    }

    [Fact]
    public async Task While_all_are_set_aside_the_pool_holds_its_messages()
    {
        _allFail = true;
        await using var node = await StartAsync(2);

        _source.SendNumbers(1, 20);
        await UntilAsync(node, "set-aside", "set-aside");

        Assert.Equal(20 - node["filters.f"].Failed, node["filters.f"].Queued);
        Assert.Single(node.Log.Lines, line => line.Text == "Every copy is set aside; messages wait until one is back.");
        Assert.False(node.Node.HasFailedComponents);

        _allFail = _firstFails = false;
        await Eventually.IsTrueAsync(() => node["filters.f"].Queued == 0, node.Clock, Step);
        Assert.Equal(20, node.Texts("outputs.sink").Count + node["filters.f"].Failed);
    }

    [Fact]
    public async Task A_copy_that_cannot_open_any_more_is_set_aside_without_burning_messages()
    {
        var opened = 0;
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Filter = message => (int)message["n"]! == 1 ? throw new InvalidOperationException("no") : message,
            Open = _ =>
            {
                if (Interlocked.Increment(ref opened) > 2) throw new IOException("gone");
            },
        });
        await using var node = await StartAsync(2, filter);

        _source.SendNumbers(1, 20);
        await UntilAsync(node, "set-aside", "running");

        Assert.Equal(19, (await node.SinkAsync(19)).Count);
    }

    [Fact]
    public async Task A_node_drains_while_a_copy_is_set_aside()
    {
        await using var node = await StartAsync(2);
        _source.SendNumbers(1, 20);
        await UntilAsync(node, "set-aside", "running");

        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(17, node.Texts("outputs.sink").Count);
    }

    [Fact]
    public async Task A_node_that_drains_waits_for_a_copy_when_all_are_set_aside()
    {
        _allFail = true;
        await using var node = await StartAsync(2);
        _source.SendNumbers(1, 20);
        await UntilAsync(node, "set-aside", "set-aside");
        _allFail = _firstFails = false;

        Assert.True(await node.StopWhileTimePassesAsync());

        Assert.Equal(20, node.Texts("outputs.sink").Count + node["filters.f"].Failed);
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task A_surplus_copy_that_is_set_aside_ends_at_once()
    {
        await using var node = await StartAsync(2, last: true);
        _source.SendNumbers(1, 20);
        await UntilAsync(node, "running", "set-aside");

        await node.Node.ResizeAsync("f", 1).WaitAsync(TestNode.Patience);

        Assert.Single(node["filters.f"].Workers!);
        Assert.Equal(17, (await node.SinkAsync(17)).Count);
    }

    private Task<TestNode> StartAsync(int instances, ComponentDefinition? filter = null, bool last = false)
    {
        var failing = $"filters.f/{(last ? instances : 1)}";
        filter ??= Some.Component<PoolTests.NamedFilter>("f", new PoolTests.NamedFilter.Options
        {
            Filter = (name, message) => _allFail || (_firstFails && name == failing) ? throw new InvalidOperationException("no") : message,
        });
        return TestNode.StartChainAsync(_source.Input(), filter with { Instances = instances, Route = PoolRoute.RoundRobin, Supervision = Impatient });
    }

    private static Task UntilAsync(TestNode node, params string[] states) => Eventually.IsTrueAsync(
        () => node["filters.f"].Workers!.Select(worker => worker.State).SequenceEqual(states), node.Clock, Step, () => node.Node.Ledger().ToJson());
}
