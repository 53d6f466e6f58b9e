using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Filters;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Filters;

public class DelayFilterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ProbeSource _source = new();

    [Fact]
    public async Task What_it_lets_go_at_a_drain_waits_for_room_behind_it()
    {
        var source = new ProbeSource();
        var node = await TestNode.StartAsync(Some.Chain(
            source.Input(canPause: false),
            Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = TimeSpan.FromHours(1) }),
            Some.Sink() with { Mailbox = new MailboxOptions { Capacity = 5 } }));
        await using var _ = node;
        source.SendNumbers(1, 500);
        await node.HoldsAsync("filters/f", 500);

        var ledger = await node.StopAsync();

        Assert.Equal(500, ledger.Components.Single(line => line.Name == "outputs.sink").Out);
        Assert.True(ledger.Balanced, ledger.ToJson());
    }

    [Fact]
    public async Task Passes_each_message_on_when_its_time_has_come()
    {
        await using var node = await StartAsync();

        _source.SendNumbers(1, 2);
        await HeldAsync(node, 2);
        node.Clock.Advance(0.6 * Second);
        _source.SendNumbers(3, 1);
        await HeldAsync(node, 3);
        Assert.Empty(node.Texts("outputs.sink"));

        node.Clock.Advance(0.4 * Second);
        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
        await HeldAsync(node, 1);

        node.Clock.Advance(0.6 * Second);
        Assert.Equal(Some.Texts(1, 3), await node.SinkAsync(3));
    }

    [Fact]
    public async Task Holds_no_more_messages_than_its_mailbox_may_and_then_drops_by_policy()
    {
        await using var node = await StartAsync(filter => filter.Bounded(4, Overflow.DropNewest));

        for (var n = 1; n <= 4; n++)
        {
            _source.SendNumbers(n, 1);
            await HeldAsync(node, n);
        }
        _source.SendNumbers(5, 10);
        await Eventually.IsTrueAsync(() => node["filters.f"] is { Queued: 8 } line && line.Dropped.GetValueOrDefault("mailbox-full") == 6);

        node.Clock.Advance(Second);
        Assert.Equal(Some.Texts(1, 4), await node.SinkAsync(4));
        await HeldAsync(node, 4);
        node.Clock.Advance(Second);
        Assert.Equal(Some.Texts(1, 8), await node.SinkAsync(8));
    }

    [Fact]
    public async Task Splits_a_batch_that_it_cannot_hold_as_a_whole()
    {
        await using var node = await StartAsync(filter => filter.Bounded(4, Overflow.Wait));

        _source.SendNumbers(1, 3);
        await HeldAsync(node, 3);
        _source.SendNumbers(4, 7);

        await Eventually.IsTrueAsync(() => node.Texts("outputs.sink").Count == 10, node.Clock, Second);
        Assert.Equal(Some.Texts(1, 10), node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task Lets_everything_go_at_once_when_the_node_stops()
    {
        await using var node = await StartAsync(filter => filter.Bounded(2, Overflow.Wait));

        for (var n = 1; n <= 20; n++) _source.SendNumbers(n, 1);
        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced);
        Assert.Equal(Some.Texts(1, 20), node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task What_it_holds_is_counted_when_it_is_stopped()
    {
        await using var node = await StartAsync();
        _source.SendNumbers(1, 3);
        await HeldAsync(node, 3);

        node.System.ActorSelection("/user/router/filters/f").Tell(PoisonPill.Instance);

        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped.GetValueOrDefault("stopped") == 3);
        Assert.Equal(0, node["filters.f"].Queued);
    }

    [Fact]
    public void Says_what_is_wrong_with_its_options()
    {
        Assert.Equal("Delay must be more than 0, such as 500ms or 2s", Assert.Single(Some.Problems(new DelayFilter.Options { Delay = TimeSpan.Zero })));
        Assert.Single(Some.Problems(new DelayFilter.Options { Delay = TimeSpan.FromDays(50) }));
        Assert.Empty(Some.Problems(new DelayFilter.Options { Delay = TimeSpan.FromMilliseconds(1) }));
    }

    private Task<TestNode> StartAsync(Func<ComponentDefinition, ComponentDefinition>? change = null) =>
        TestNode.StartChainAsync(
            _source.Input(),
            (change ?? (filter => filter))(Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = Second })));

    private static Task HeldAsync(TestNode node, int count) =>
        node.HoldsAsync("filters/f", count);
}
