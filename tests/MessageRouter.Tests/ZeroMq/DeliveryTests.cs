using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>What counts as delivered by a socket whose peers are known, and what becomes of the rest.</summary>
public class DeliveryTests
{
    private readonly ProbeSource _source = new();
    private readonly FakePeers _peers = new();

    [Fact]
    public async Task A_published_message_is_out_when_one_subscriber_has_been_written_it()
    {
        await using var node = await StartAsync(Publisher());
        var (quick, slow) = (await SubscribeAsync(node, "quick", writesAtOnce: true), await SubscribeAsync(node, "slow"));

        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);

        Assert.Equal(10, slow.Sent.Count);
        Assert.Equal([("quick", 10L, 0L), ("slow", 0L, 10L)], Lines(node).Select(line => (line.Name, line.Out, line.Queued)));
        Assert.Equal(10, quick.Sent.Count);
        slow.WriteAll();
    }

    [Fact]
    public async Task A_message_that_no_subscriber_was_written_before_the_last_one_left_is_counted()
    {
        await using var node = await StartAsync(Publisher());
        var (one, other) = (await SubscribeAsync(node, "one"), await SubscribeAsync(node, "other"));
        _source.SendNumbers(1, 10);
        await Eventually.IsTrueAsync(() => other.Sent.Count == 10);

        one.Write(3);
        other.Write(2);
        one.HangUp(unconfirmed: 1);
        Assert.Equal(0, node["outputs.out"].Dropped.GetValueOrDefault(DropReasons.SubscriberGone));
        other.HangUp();

        await Eventually.IsTrueAsync(() => (node["outputs.out"].Out, node["outputs.out"].Dropped.GetValueOrDefault(DropReasons.SubscriberGone)) == (3, 7));
        Assert.Equal(1, Lines(node).Single(line => line.Name == "one").Unknown);
    }

    [Fact]
    public async Task A_subscriber_that_is_full_misses_messages_alone_and_where_all_are_full_they_are_dropped()
    {
        await using var node = await StartAsync(Publisher(highWaterMark: 4));
        var (one, other) = (await SubscribeAsync(node, "one"), await SubscribeAsync(node, "other"));
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => other.Sent.Count == 3);
        one.WriteAll();
        await OutAsync(node, 3);

        _source.SendNumbers(4, 6);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Dropped.GetValueOrDefault(DropReasons.SubscriberFull) == 2);

        Assert.Equal(7, one.Sent.Count);
        Assert.Equal([("one", 2L), ("other", 5L)], Lines(node).Select(line => (line.Name, line.Missed!.Value)));
        one.WriteAll();
        other.WriteAll();
    }

    [Fact]
    public async Task A_restart_publishes_again_what_nobody_was_written_and_nothing_else()
    {
        await using var node = await StartAsync(Publisher());
        var one = await SubscribeAsync(node, "one");
        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => one.Sent.Count == 5);
        one.Write(2);
        await OutAsync(node, 2);

        one.Failure = new InvalidOperationException("no");
        _source.SendNumbers(6, 1);
        await Eventually.IsTrueAsync(() => _peers.Opened == 2);
        var next = await SubscribeAsync(node, "next", writesAtOnce: true);
        await OutAsync(node, 6);

        Assert.Equal(Some.Texts(3, 4), next.Texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_has_not_been_written_when_the_time_is_over_is_dropped_at_shutdown(bool pushes)
    {
        await using var node = await StartAsync(Some.Component<ZeroMqOutput>("out", Options(pushes ? SenderSocket.Push : SenderSocket.Pub)));
        var stuck = await SubscribeAsync(node, "stuck");
        _source.SendNumbers(1, 10);
        await Eventually.IsTrueAsync(() => stuck.Sent.Count == 10);
        stuck.Write(4);
        await OutAsync(node, 4);

        Assert.False(await node.StopWhileTimePassesAsync());

        Assert.Equal((4L, 6L, 0L), (node["outputs.out"].Out, node["outputs.out"].Dropped[DropReasons.Shutdown], node["outputs.out"].Queued));
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task What_one_subscriber_alone_has_not_been_written_when_the_time_is_over_is_told_too()
    {
        await using var node = await StartAsync(Publisher());
        var (quick, stuck) = (await SubscribeAsync(node, "quick", writesAtOnce: true), await SubscribeAsync(node, "stuck"));
        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);
        stuck.Write(4);

        Assert.False(await node.StopWhileTimePassesAsync());

        Assert.Equal(10, quick.Sent.Count);
        Assert.Equal([("quick", 10L, null, 0L), ("stuck", 4L, (long?)6, 0L)], Lines(node).OrderBy(line => line.Name).Select(line => (line.Name, line.Out, line.Missed, line.Queued)));
        Assert.Contains(node.Log.Lines, line => line.Text.Contains("outputs.out: peers have yet to take 6", StringComparison.Ordinal));
        Assert.Contains(node.Log.Lines, line => line.Text == "Not sent to subscribers that did not read them in time, though others have them: outputs.out 6.");
        Assert.Equal((10L, 0), (node["outputs.out"].Out, node["outputs.out"].Dropped.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Peers_that_read_slowly_are_waited_for_at_the_end_for_the_linger_time(bool pushes)
    {
        await using var node = await StartAsync(Some.Component<ZeroMqOutput>("out", Options(pushes ? SenderSocket.Push : SenderSocket.Pub)));
        var slow = await SubscribeAsync(node, "slow", writesAtOnce: true, readsSlowly: true);
        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);

        var stopping = node.Node.StopAsync();
        await Eventually.IsTrueAsync(() => slow.IsFinished);
        Assert.False(stopping.IsCompleted);

        Assert.True(await node.StopWhileTimePassesAsync());
    }

    private static ZeroMqOutput.Options Options(SenderSocket socket) => new() { SocketType = socket, Bind = [Zmq.AnyPort] };

    [Fact]
    public async Task Subscribers_that_do_not_read_keep_no_more_in_memory_together_than_the_node_has_for_them()
    {
        await using var node = await TestNode.StartAsync(
            Some.Chain(_source.Input(), Some.Component<ZeroMqOutput>("out", Options(SenderSocket.Pub) with { HighWaterMark = 10, HighWaterBytes = 100 })) with { MemoryLimit = 40_000 },
            services => services.AddSingleton<IPeerEngine>(_peers));
        var quick = await SubscribeAsync(node, "quick", writesAtOnce: true);

        // Those that have the same messages before them keep them once.
        var same = new List<FakePeer>();
        for (var i = 0; i < 50; i++) same.Add(await SubscribeAsync(node, $"same {i}"));
        await PublishAsync(10);
        Assert.DoesNotContain(same, peer => peer.HasGone);
        foreach (var peer in same) peer.WriteAll();

        // Each of these has others.
        var strangers = new List<FakePeer>();
        for (var i = 0; i < 50; i++)
        {
            strangers.Add(await SubscribeAsync(node, $"stranger {i}"));
            await PublishAsync(10);
        }

        var gone = strangers.Count(peer => peer.HasGone);
        Assert.InRange(gone, 1, 45);
        Assert.All(strangers.Where(peer => peer.HasGone), peer => Assert.Contains("memory.limit", peer.DisconnectedBecause, StringComparison.Ordinal));
        Assert.False(quick.HasGone);
        foreach (var peer in strangers.Where(peer => !peer.HasGone)) peer.WriteAll();

        async Task PublishAsync(int count)
        {
            var before = node["outputs.out"].Out;
            _source.SendNumbers(1, count);
            await OutAsync(node, before + count);
        }
    }

    private static ComponentDefinition Publisher(int highWaterMark = 1000) =>
        Some.Component<ZeroMqOutput>("out", Options(SenderSocket.Pub) with { HighWaterMark = highWaterMark });

    private Task<TestNode> StartAsync(ComponentDefinition output) =>
        TestNode.StartAsync(Some.Chain(_source.Input(), output) with { DrainTimeout = TimeSpan.FromSeconds(10) }, services => services.AddSingleton<IPeerEngine>(_peers));

    private async Task<FakePeer> SubscribeAsync(TestNode node, string name, bool writesAtOnce = false, bool readsSlowly = false)
    {
        var peer = _peers.Connect(name, writesAtOnce, readsSlowly);
        peer.Say(Message.FromBytes((byte[])[1]));
        await node.HandledAsync("outputs/out");
        return peer;
    }

    private static IReadOnlyList<WorkerLine> Lines(TestNode node) => node["outputs.out"].Workers!;

    private static Task OutAsync(TestNode node, long count) =>
        Eventually.IsTrueAsync(() => node["outputs.out"].Out == count, () => node.Node.Ledger().ToJson());
}
