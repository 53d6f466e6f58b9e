using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Pools;

public class ResizeTests
{
    private readonly ProbeSource _source = new();

    [Theory]
    [InlineData("f")]
    [InlineData("filters.f")]
    public async Task A_pool_grows_and_shrinks(string name)
    {
        await using var node = await StartAsync(Pass(), 1);

        await node.Node.ResizeAsync(name, 8).WaitAsync(TestNode.Patience);
        Assert.Equal(8, node["filters.f"].Workers!.Count);
        _source.SendNumbers(1, 80);
        await node.SinkAsync(80);
        Assert.All(node["filters.f"].Workers!, worker => Assert.Equal(10, worker.In));

        await node.Node.ResizeAsync(name, 1).WaitAsync(TestNode.Patience);
        Assert.Equal("1", Assert.Single(node["filters.f"].Workers!).Name);
        Assert.Equal(80, node["filters.f"].Out);
        _source.SendNumbers(81, 20);
        await node.SinkAsync(100);
        Assert.Contains(node.Log.Lines, line => line is { Category: "filters.f", Text: "Resized from 8 to 1." });
    }

    [Fact]
    public async Task Copies_that_come_back_go_on_counting()
    {
        await using var node = await StartAsync(Pass(), 2);
        _source.SendNumbers(1, 10);
        await node.SinkAsync(10);

        await node.Node.ResizeAsync("f", 1).WaitAsync(TestNode.Patience);
        await node.Node.ResizeAsync("f", 2).WaitAsync(TestNode.Patience);
        _source.SendNumbers(11, 10);
        await node.SinkAsync(20);

        Assert.Equal([(10, "running"), (10, "running")], node["filters.f"].Workers!.Select(worker => (worker.Out, worker.State)));
    }

    [Fact]
    public async Task A_surplus_copy_finishes_what_it_has_and_is_closed()
    {
        using var release = new ManualResetEventSlim();
        using var isHeld = new CountdownEvent(2);
        var closed = 0;
        await using var node = await StartAsync(Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Filter = message =>
            {
                if ((int)message["n"]! <= 2)
                {
                    isHeld.Signal();
                    release.Wait(TestNode.Patience);
                }
                return message;
            },
            Close = () => Interlocked.Increment(ref closed),
        }), 2);
        _source.SendNumbers(1, 2);
        isHeld.Wait(TestNode.Patience);
        _source.SendNumbers(3, 10);
        await Eventually.IsTrueAsync(() => node["filters.f"].Workers!.All(worker => worker.Queued == 6));

        var resized = node.Node.ResizeAsync("f", 1);
        await Eventually.IsTrueAsync(() => node["filters.f"].Workers![1].State == "ending");
        Assert.False(resized.IsCompleted);
        Assert.Equal(0, closed);
        release.Set();
        await resized.WaitAsync(TestNode.Patience);

        Assert.Equal(12, (await node.SinkAsync(12)).Count);
        Assert.Equal(1, closed);
    }

    [Fact]
    public async Task Requests_are_dealt_with_one_after_the_other()
    {
        await using var node = await StartAsync(Pass(), 3, PoolRoute.Hash("n"));

        await Task.WhenAll(new[] { 8, 2, 2, 5, 1, 4 }.Select(size => node.Node.ResizeAsync("f", size))).WaitAsync(TestNode.Patience);

        Assert.Equal(4, node["filters.f"].Workers!.Count);
    }

    [Fact]
    public async Task A_copy_that_cannot_be_started_leaves_the_pool_as_it_was()
    {
        var made = 0;
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Open = _ =>
            {
                if (Interlocked.Increment(ref made) == 4) throw new InvalidOperationException("no fourth");
            },
        });
        await using var node = await StartAsync(filter, 2);

        var failure = await Assert.ThrowsAsync<ComponentStartException>(() => node.Node.ResizeAsync("f", 6).WaitAsync(TestNode.Patience));

        Assert.Equal("filters.f could not be started: no fourth", failure.Message);
        Assert.Equal(2, node["filters.f"].Workers!.Count);
        _source.SendNumbers(1, 10);
        await node.SinkAsync(10);
        await node.Node.ResizeAsync("f", 6).WaitAsync(TestNode.Patience);
        Assert.Equal(6, node["filters.f"].Workers!.Count);
        _source.SendNumbers(11, 10);
        await node.SinkAsync(20);
    }

    [Fact]
    public async Task A_resize_that_takes_long_says_what_it_waits_for_and_so_does_one_behind_it()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Pass() with { Instances = 2, Route = PoolRoute.Hash("n") }, gate.Output().Bounded(1, Overflow.Wait));
        for (var n = 1; n <= 100; n++) _source.SendNumbers(n, 1);

        // The sink has one in its hands and one in its mailbox; each copy keeps what it has made for it.
        await Eventually.IsTrueAsync(() => node.CellOf("filters/f").Pool!.Copies.All(copy => !copy.Cell.Outbox.IsEmpty));

        var growing = node.Node.ResizeAsync("f", 4);
        var shrinking = node.Node.ResizeAsync("f", 1);
        await Eventually.IsTrueAsync(() => node.CellOf("filters/f").Pool!.Copies is { Count: 4 } copies && copies.All(copy => copy.State == PoolCopyState.Running));
        await node.HandledAsync("filters/f");
        node.Clock.Advance(TimeSpan.FromSeconds(4.999));
        await node.HandledAsync("filters/f");
        Assert.DoesNotContain(node.Log.Lines, line => line.Level == LogLevel.Warning);

        node.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await node.HandledAsync("filters/f");

        Assert.Equal(
            [
                "The resize from 2 to 4 waits for copy 1 (no room in sink), copy 2 (no room in sink).",
                "The resize to 1 waits for the one from 2 to 4.",
            ],
            node.Log.Lines.Where(line => line is { Category: "filters.f", Level: LogLevel.Warning }).Select(line => line.Text));
        gate.Open();
        await Task.WhenAll(growing, shrinking).WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task A_resize_that_is_done_soon_says_no_more()
    {
        await using var node = await StartAsync(Pass(), 2);
        await node.Node.ResizeAsync("f", 4).WaitAsync(TestNode.Patience);

        node.Clock.Advance(TimeSpan.FromSeconds(5));
        await node.HandledAsync("filters/f");

        Assert.DoesNotContain(node.Log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_resize_says_how_much_a_copy_that_is_to_go_still_has()
    {
        using var release = new ManualResetEventSlim();
        using var isHeld = new CountdownEvent(2);
        await using var node = await StartAsync(ScriptedFilter.Of(message =>
        {
            if ((int)message["n"]! > 2) return message;
            isHeld.Signal();
            release.Wait(TestNode.Patience);
            return message;
        }), 2);
        _source.SendNumbers(1, 2);
        isHeld.Wait(TestNode.Patience);
        _source.SendNumbers(3, 10);
        await Eventually.IsTrueAsync(() => node["filters.f"].Workers!.All(worker => worker.Queued == 6));

        var resized = node.Node.ResizeAsync("f", 1);
        await node.HandledAsync("filters/f");
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        await node.HandledAsync("filters/f");

        Assert.Contains(node.Log.Lines, line => line.Text == "The resize from 2 to 1 waits for copy 2 (6 messages left).");
        release.Set();
        await resized.WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task What_cannot_be_resized_is_said()
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Pass("single"), Pass("pool") with { Instances = 2 }, Some.Sink());

        Assert.StartsWith("The node has no component `pol`; did you mean `pool`?",
            (await Assert.ThrowsAsync<ArgumentException>(() => node.Node.ResizeAsync("pol", 2))).Message);
        Assert.Equal("filters.single is not a pool and cannot be resized; `route = round-robin` in its block makes it a pool, if only of one.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => node.Node.ResizeAsync("single", 2))).Message);
        Assert.Equal("outputs.sink is not a pool and cannot be resized; only filters can be pools.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => node.Node.ResizeAsync("sink", 2))).Message);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Node.ResizeAsync("pool", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Node.ResizeAsync("pool", 1001));
    }

    [Fact]
    public async Task A_node_that_has_not_started_or_has_stopped_cannot_be_resized()
    {
        RouterNode? created = null;
        Exception? early = null;
        var node = await TestNode.StartAsync(Some.Chain(_source.Input(), Pass() with { Instances = 2 }), created: router =>
        {
            created = router;
            early = Record.ExceptionAsync(() => router.ResizeAsync("f", 3)).GetAwaiter().GetResult();
        });
        await node.DisposeAsync();

        Assert.Equal("The node does not run; only the pools of a running node can be resized.", early?.Message);
        Assert.Equal("filters.f has ended and cannot be resized any more.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => created!.ResizeAsync("f", 3).WaitAsync(TestNode.Patience))).Message);
    }

    [Fact]
    public async Task A_stop_within_a_resize_loses_nothing()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Pass() with { Instances = 4, Route = PoolRoute.Hash("n") }, gate.Output().Bounded(1, Overflow.Wait));
        for (var n = 1; n <= 500; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node["filters.f"].Workers!.All(worker => worker.Queued > 0));

        // Those that lose keys cannot let go of their messages until the gate opens.
        var shrinking = node.Node.ResizeAsync("f", 1);
        var growing = node.Node.ResizeAsync("f", 3);
        await Eventually.IsTrueAsync(() => node["filters.f"].Workers!.Any(worker => worker.State == "ending"));
        var stopping = node.StopAsync();
        gate.Open();

        var ledger = await stopping;
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(500, gate.Taken.Count);
        foreach (var resize in new[] { shrinking, growing })
        {
            if (await Record.ExceptionAsync(() => resize.WaitAsync(TestNode.Patience)) is { } failure) Assert.IsType<InvalidOperationException>(failure);
        }
    }

    private Task<TestNode> StartAsync(ComponentDefinition filter, int instances, PoolRoute? route = null) =>
        TestNode.StartChainAsync(_source.Input(), filter with { Instances = instances, Route = route ?? PoolRoute.RoundRobin });

    private static ComponentDefinition Pass(string name = "f") => ScriptedFilter.Of(message => message, name);
}
