using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

/// <summary>A message that a filter throws on is tried again, in its place, before it goes to the error chain.</summary>
public class RetryTests
{
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    private readonly ProbeSource _source = new();
    private readonly List<int> _tried = [];
    private int _created;
    private IActorRef _self = ActorRefs.Nobody;

    [Fact]
    public async Task Tries_with_growing_pauses_and_without_a_restart_and_then_fails_once()
    {
        await using var node = await StartAsync(attempts: 4, _ => true);

        _source.SendNumbers(1, 1);
        foreach (var (tried, pause) in ((double[])[1, 2, 4]).Index())
        {
            await TriedAsync(node, tried + 1);
            node.Clock.Advance((pause * Backoff) - TimeSpan.FromTicks(1));
            await node.HandledAsync("filters/f");
            Assert.Equal(tried + 1, Tried().Count);
            Assert.Equal((0, 1, 1), (node["filters.f"].Failed, node["filters.f"].Queued, _created));
            node.Clock.Advance(TimeSpan.FromTicks(1));
        }

        await Eventually.IsTrueAsync(() => node.Recorded["errors"].Count == 1);
        Assert.Equal(4, (int)node.Recorded["errors"][0]["attempts"]!);
        Assert.Equal([1, 1, 1, 1], Tried());
        Assert.Equal((1, 1), (node["filters.f"].Failed, node["filters.f"].Restarts));
    }

    [Fact]
    public async Task Later_messages_wait_behind_the_one_that_is_tried_again()
    {
        await using var node = await StartAsync(attempts: 3, n => n == 3 && Tried().Count(m => m == 3) < 3);

        _source.SendNumbers(1, 4);
        await TriedAsync(node, 3);
        _source.SendNumbers(5, 1);
        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 5, node.Clock, Backoff);

        Assert.Equal(Some.Texts(1, 5), node.Texts("outputs.sink"));
        Assert.Equal([1, 2, 3, 3, 3, 4, 5], Tried());
        Assert.Equal((0, 0), (node["filters.f"].Failed, node["filters.f"].Restarts));
    }

    [Fact]
    public async Task Each_message_has_attempts_of_its_own()
    {
        await using var node = await StartAsync(attempts: 2, n => n <= 2, OnError.Resume);

        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 1, node.Clock, Backoff);

        Assert.Equal([1, 1, 2, 2, 3], Tried());
        Assert.All(node.Recorded["errors"], error => Assert.Equal(2, (int)error["attempts"]!));
        Assert.Equal(2, node["filters.f"].Failed);
    }

    [Fact]
    public async Task A_message_that_is_evicted_while_it_waits_leaves_its_attempts_to_nobody()
    {
        await using var node = await StartAsync(attempts: 2, _ => true, OnError.Resume, filter => filter.Bounded(1, Overflow.DropOldest));
        _source.SendNumbers(1, 1);
        await TriedAsync(node, 1);

        _source.SendNumbers(2, 1);
        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped.ContainsKey("evicted"));
        await Eventually.IsTrueAsync(() => node["filters.f"].Failed == 1, node.Clock, Backoff);

        Assert.Equal([1, 2, 2], Tried());
    }

    [Fact]
    public async Task A_message_at_fault_is_tried_once()
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), ScriptedFilter.Of(_ => throw new MessageException("bad")) with { Retry = new RetryOptions { Attempts = 5 } });

        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node.Recorded["errors"].Count == 1);

        Assert.Equal(1, (int)node.Recorded["errors"][0]["attempts"]!);
    }

    [Fact]
    public async Task Without_retry_a_message_is_tried_once()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Throwing(_ => true));

        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node.Recorded["errors"].Count == 1);

        Assert.Equal(1, (int)node.Recorded["errors"][0]["attempts"]!);
    }

    [Fact]
    public async Task No_pause_is_longer_than_the_longest_of_its_supervision()
    {
        await using var node = await StartAsync(
            attempts: 40, _ => true, change: filter => filter with { Supervision = new SupervisionOptions { MaxBackoff = 3 * Backoff } });
        _source.SendNumbers(1, 1);

        for (var n = 1; n < 40; n++)
        {
            await TriedAsync(node, n);
            node.Clock.Advance(3 * Backoff);
        }

        await Eventually.IsTrueAsync(() => node["filters.f"].Failed == 1);
    }

    [Fact]
    public async Task A_node_that_stops_tries_at_once_and_loses_nothing()
    {
        await using var node = await StartAsync(attempts: 3, n => n == 1 && Tried().Count < 3);
        _source.SendNumbers(1, 3);
        await TriedAsync(node, 1);

        var ledger = await node.StopAsync();

        Assert.Equal(Some.Texts(1, 3), node.Texts("outputs.sink"));
        Assert.True(ledger.Balanced, ledger.ToJson());
    }

    [Fact]
    public async Task A_message_that_waits_when_its_filter_is_stopped_is_counted()
    {
        await using var node = await StartAsync(attempts: 3, _ => true);
        _source.SendNumbers(1, 3);
        await TriedAsync(node, 1);

        _self.Tell(PoisonPill.Instance);
        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped.GetValueOrDefault(DropReasons.Stopped) == 3);

        Assert.Equal(0, node["filters.f"].Failed);
        Assert.Equal([1], Tried());
    }

    [Fact]
    public async Task A_restart_for_another_reason_ends_the_pause()
    {
        await using var node = await StartAsync(attempts: 3, n => n == 1 && Tried().Count < 2);
        _source.SendNumbers(1, 2);
        await TriedAsync(node, 1);

        _self.Tell(new InvalidOperationException("its own handler failed"));

        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
        Assert.Equal(2, _created);
    }

    [Fact]
    public async Task Only_the_last_attempt_emits()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedEmitter.Of((message, emit) =>
        {
            ScriptedEmitter.Count(message, emit);
            lock (_tried) _tried.Add(2);
            if (Tried().Count < 3) throw new InvalidOperationException("no");
        }) with { Retry = new RetryOptions { Attempts = 3 } });

        _source.SendNumbers(2, 1);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 2, node.Clock, Backoff);

        Assert.Equal(["2.1", "2.2"], node.Texts("outputs.sink"));
        Assert.Equal((1, 2), (node["filters.f"].Created, node["filters.f"].Out));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_asynchronous_filter_goes_on_with_others_meanwhile(bool ordered)
    {
        var script = new ScriptedAsync.Script();
        await using var node = await TestNode.StartChainAsync(_source.Input(), script.Filter(ordered: ordered) with { Retry = new RetryOptions { Attempts = 2 } });
        _source.SendNumbers(1, 2);
        await script.BegunAsync(2);

        script[1].Fail();
        script[2].Pass();
        if (!ordered) await node.SinkAsync(1);
        await Eventually.IsTrueAsync(() => script.Begun.Count == 3, node.Clock, Backoff);
        script[1].Pass();
        await node.SinkAsync(2);

        Assert.Equal([1, 2, 1], script.Begun);
        Assert.Equal(ordered ? Some.Texts(1, 2) : [Some.Text(2), Some.Text(1)], node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task An_asynchronous_filter_says_how_often_it_tried()
    {
        var script = new ScriptedAsync.Script();
        await using var node = await TestNode.StartChainAsync(_source.Input(), script.Filter() with { Retry = new RetryOptions { Attempts = 2 } });
        _source.SendNumbers(1, 1);
        await script.BegunAsync(1);

        script[1].Fail();
        await Eventually.IsTrueAsync(() => script.Begun.Count == 2, node.Clock, Backoff);
        script[1].Fail();
        await Eventually.IsTrueAsync(() => node.Recorded["errors"].Count == 1);

        Assert.Equal(2, (int)node.Recorded["errors"][0]["attempts"]!);
        Assert.Equal(1, node["filters.f"].Failed);
    }

    [Fact]
    public async Task An_asynchronous_filter_tries_at_once_when_the_node_stops()
    {
        var script = new ScriptedAsync.Script();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), script.Filter() with { Retry = new RetryOptions { Attempts = 2, Backoff = TimeSpan.FromDays(1) } });
        _source.SendNumbers(1, 1);
        await script.BegunAsync(1);
        script[1].Fail();
        await node.HandledAsync("filters/f");

        var stopping = node.StopAsync();
        await script.BegunAsync(2);
        script[1].Pass();
        await stopping;

        Assert.Equal([Some.Text(1)], node.Texts("outputs.sink"));
    }

    private List<int> Tried()
    {
        lock (_tried) return [.. _tried];
    }

    private async Task TriedAsync(TestNode node, int times)
    {
        await Eventually.IsTrueAsync(() => Tried().Count == times, () => string.Join(", ", Tried()));
        await node.HandledAsync("filters/f");
    }

    private Task<TestNode> StartAsync(int attempts, Predicate<int> fails, OnError onError = OnError.Restart, Func<ComponentDefinition, ComponentDefinition>? change = null)
    {
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Create = () => Interlocked.Increment(ref _created),
            Open = self => _self = self,
            Filter = message =>
            {
                var n = (int)message["n"]!;
                lock (_tried) _tried.Add(n);
                return fails(n) ? throw new InvalidOperationException("no") : message;
            },
        }).On(onError) with
        {
            Retry = new RetryOptions { Attempts = attempts, Backoff = Backoff },
        };
        return TestNode.StartChainAsync(_source.Input(), change?.Invoke(filter) ?? filter);
    }
}
