using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Monitoring;

public class MessageTapTests
{
    private readonly ProbeSource _source = new();

    [Theory]
    [InlineData("inputs.in", TapSide.In, 6)]
    [InlineData("inputs.in", TapSide.Out, 6)]
    [InlineData("filters.f", TapSide.In, 6)]
    [InlineData("filters.f", TapSide.Out, 4)]
    [InlineData("filters.f", TapSide.Failed, 2)]
    [InlineData("outputs.sink", TapSide.In, 4)]
    [InlineData("outputs.sink", TapSide.Out, 4)]
    [InlineData("errors", TapSide.In, 2)]
    internal async Task Sees_what_passes_on_each_side(string component, TapSide side, int count)
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<FailsOnThree>("f"));
        using var tap = Tap(node, side, 1000, component);

        _source.SendNumbers(1, 6);
        await node.SinkAsync(4);
        await Eventually.IsTrueAsync(() => node.Texts("errors").Count == 2);

        var seen = Taken(tap);
        Assert.Equal(count, seen.Count);
        Assert.All(seen, message => Assert.Equal((component, side), (message.Component, message.Side)));
        Assert.Equal(0, tap.TakeLeftOut());
        if (side == TapSide.Failed) Assert.All(seen, message => Assert.Equal("three", message.Why));
    }

    [Fact]
    public async Task Shows_what_is_dropped_with_the_reason_and_where_it_came_from()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input(canPause: false), gate.Output().Bounded(2, Overflow.DropNewest));
        using var tap = Tap(node, TapSide.Dropped, 1000, "outputs.sink");
        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => gate.Taken.Count == 1);

        _source.SendNumbers(2, 5);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Dropped.Values.Sum() == 3);

        Assert.Equal(
            new[] { 4, 5, 6 }.Select(n => (Some.Text(n), (string?)"mailbox-full", (string?)"inputs.in")),
            Taken(tap).Select(message => (System.Text.Encoding.UTF8.GetString(message.Payload), message.Why, message.Peer)));
        gate.Open();
    }

    [Fact]
    public async Task The_copies_of_a_pool_are_seen_as_one()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<FailsOnThree>("f") with { Instances = 3 });
        using var tap = Tap(node, TapSide.In | TapSide.Out, 1000, "filters.f");

        _source.SendNumbers(4, 2);
        await node.SinkAsync(2);

        Assert.Equal(["In", "In", "Out", "Out"], Taken(tap).Select(message => message.Side.ToString()).Order());
    }

    [Fact]
    public async Task Takes_so_many_a_second_and_counts_what_it_leaves_out()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        using var tap = Tap(node, TapSide.In, 10, "outputs.sink");

        _source.SendNumbers(1, 100);
        await node.SinkAsync(100);
        Assert.Equal((10, 90L), (Taken(tap).Count, tap.TakeLeftOut()));

        node.Clock.Advance(TimeSpan.FromMilliseconds(500));
        _source.SendNumbers(101, 100);
        await node.SinkAsync(200);
        Assert.Equal((5, 95L), (Taken(tap).Count, tap.TakeLeftOut()));
    }

    [Fact]
    public async Task Who_does_not_read_has_so_many_kept_and_the_node_goes_on()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        using var tap = Tap(node, TapSide.In, 1_000_000, "outputs.sink");

        for (var n = 0; n < 100; n++) _source.SendNumbers(n * 60, 60);
        await node.SinkAsync(6000);

        var kept = Taken(tap).Count;
        Assert.InRange(kept, 1, 2048);
        Assert.Equal(6000, kept + tap.TakeLeftOut());
    }

    [Fact]
    public async Task A_large_payload_is_cut_and_its_length_is_told()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        using var tap = Tap(node, TapSide.In, 1000, "outputs.sink");

        _source.Intake.TryAdd(Some.SizedBatch(1, 200_000));
        await node.SinkAsync(1);

        var message = Assert.Single(Taken(tap));
        Assert.Equal((MessageTap.MostBytes, 200_000, true), (message.Payload.Length, message.Length, message.IsCut));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_tap_that_was_taken_off()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        var (first, second) = (Tap(node, TapSide.In, 1000, "outputs.sink"), Tap(node, TapSide.In, 1000, "outputs.sink", "inputs.in"));
        first.Dispose();
        _source.SendNumbers(1, 1);
        await node.SinkAsync(1);
        Assert.Empty(Taken(first));
        Assert.Equal(2, Taken(second).Count);

        second.Dispose();
        Assert.False(node.CellOf("outputs/sink").Counts.Tap.IsWatched);
    }

    [Fact]
    public async Task What_a_reload_adds_or_replaces_is_looked_at_too()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(message => message, "a"));
        using var tap = Tap(node, TapSide.In, 1000, "filters.a", "filters.b");
        var now = node.Node.Definition;
        var next = now with { Components = [now.Components[0], ScriptedFilter.Of(message => message, "a") with { To = ["b"] }, ScriptedFilter.Of(message => message, "b") with { To = ["sink"] }, now.Components[2]] };

        await node.Node.ReloadAsync(next);
        await Eventually.IsTrueAsync(() => node.CellOf("filters/b").Counts.Tap.IsWatched);
        _source.SendNumbers(1, 2);
        await node.SinkAsync(2);

        Assert.Equal(["filters.a", "filters.a", "filters.b", "filters.b"], Taken(tap).Select(message => message.Component).Order());
        var point = node.CellOf("filters/b").Counts.Tap;
        await node.Node.ReloadAsync(now);
        tap.Dispose();
        Assert.False(point.IsWatched);
    }

    private static MessageTap Tap(TestNode node, TapSide sides, int perSecond, params string[] components) => new(node.Node.Topology, components.Contains, sides, perSecond, node.Clock);

    private static List<TappedMessage> Taken(MessageTap tap)
    {
        var all = new List<TappedMessage>();
        while (tap.Messages.TryRead(out var message))
        {
            tap.Read(message);
            all.Add(message);
        }
        return all;
    }

    internal sealed class FailsOnThree : FilterActor
    {
        protected override Message? Filter(Message message) => message["n"] == 3 || message["n"] == 2 ? throw new MessageException("three") : message;
    }
}
