using System.Text.Json;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.Links;

/// <summary>Nodes that tell each other what was lost, over real connections that are cut anywhere.</summary>
public class LinksTests
{
    private static readonly ReconnectOptions AtOnce = new() { Min = TimeSpan.FromMilliseconds(1), Max = TimeSpan.FromMilliseconds(5) };

    [Fact]
    public async Task A_puller_knows_how_many_messages_got_lost_when_connections_broke()
    {
        var source = new ProbeSource();
        var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var proxy = new CuttingProxy(receiver.Port());
        var sender = await Zmq.StartAsync(source.Input(), Push(proxy.Endpoint));

        var random = new Random(7);
        var sent = 0;
        for (var cut = 0; cut < 30; cut++)
        {
            var broken = proxy.CutAfter(random.Next(40_000));
            while (!broken.IsCompleted)
            {
                source.SendNumbers(sent + 1, 200);
                sent += 200;
                await Eventually.IsTrueAsync(() => sender["outputs.out"].Queued < 2000);
            }
        }

        // What comes now has come over a connection that is not cut any more: the last word needs one.
        var lastCut = sent;
        await Eventually.IsTrueAsync(() =>
        {
            source.SendNumbers(++sent, 1);
            return receiver.Texts("outputs.sink") is [.., var last] && JsonDocument.Parse(last).RootElement.GetProperty("n").GetInt32() > lastCut;
        });
        await Eventually.IsTrueAsync(() => sender["outputs.out"].Out == sent, () => sender.Node.Ledger().ToJson());
        await DisposeAllAsync(sender, receiver);

        var (down, up) = (Down(sender), Up(receiver));
        Assert.Equal(sent, down.Sent);
        Assert.Equal("finished", up.State);
        Assert.Null(up.Contradiction);
        Assert.Equal(sent, up.Sent);
        Assert.Equal(receiver.Texts("outputs.sink").Count, up.Received);
        Assert.Equal(sent - up.Received, up.LostInTransit);
        Assert.InRange(up.LostInTransit, 1, sent);
        Assert.InRange(up.Connections, 2, down.Connections);
    }

    [Fact]
    public async Task A_subscriber_knows_what_it_missed_of_what_it_wants_when_it_was_slow_or_away()
    {
        var source = new ProbeSource();
        var output = Zmq.Output(new ZeroMqOutput.Options { Bind = [Zmq.AnyPort], HighWaterMark = 50, SubscribeDelay = TimeSpan.Zero });
        var sender = await Zmq.StartAsync(source.Input().Raw(), output.Raw());
        await PublishAsync(source, sender, 1, 10);

        // What is published while an old connection is not known to be dead goes over both, and would count as sent twice.
        await using var proxy = new CuttingProxy(sender.Port())
        {
            CountsAnswers = true,
            LetsIn = () => Eventually.IsTrueAsync(() => sender["outputs.out"].Downstream is not [{ State: "connected" }]),
        };
        var receiver = await Zmq.StartAsync(Sub(proxy.Endpoint, "a", "b").Raw());
        await ConnectedAsync(receiver, 1);
        await Eventually.IsTrueAsync(() => Down(sender).BeforeSubscribe == 10);
        await SubscribedAsync(source, sender, receiver, 11);

        var random = new Random(11);
        var next = 100;
        for (var cut = 0; cut < 20; cut++)
        {
            var broken = proxy.CutAfter(random.Next(20_000));
            while (!broken.IsCompleted) await PublishAsync(source, sender, next, 120, next += 120);
        }
        await ConnectedAsync(receiver, 21);
        await SubscribedAsync(source, sender, receiver, next);
        await DisposeAllAsync(sender, receiver);

        var (down, up) = (Down(sender), Up(receiver));
        var published = (int)sender["outputs.out"].In;
        Assert.Equal("finished", up.State);
        Assert.Null(up.Contradiction);
        Assert.Null(up.Uncounted);
        Assert.Equal(down.Sent, up.Sent);
        Assert.Equal(down.Dropped, up.DroppedBySender);
        Assert.Equal(10, up.BeforeSubscribe);
        Assert.Equal(receiver.Texts("outputs.sink").Count, up.Received);
        Assert.Equal(Enumerable.Range(1, published).Skip(10).Count(IsWanted), up.Received + up.LostInTransit + up.DroppedBySender.Values.Sum());
    }

    [Fact]
    public async Task Each_run_of_a_sender_has_a_line_of_its_own_and_those_that_said_their_last_word_are_finished()
    {
        var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        for (var run = 1; run <= 3; run++)
        {
            var source = new ProbeSource();
            await using var sender = await Zmq.StartAsync(source.Input(), Push(receiver.Endpoint()));
            source.SendNumbers(1, run * 10);
            await receiver.SinkAsync(run * (run + 1) / 2 * 10);
        }
        await receiver.DisposeAsync();

        var lines = receiver["inputs.in"].Upstream!;
        Assert.Equal([(10, "finished"), (20, "finished"), (30, "finished")], lines.Select(line => ((int)line.Received, line.State)));
        Assert.Equal(3, lines.Select(line => line.Epoch).Distinct().Count());
        Assert.All(lines, line => Assert.Equal(("test", "outputs.out", line.Received, 0L), (line.Node, line.Component, line.Sent, line.LostInTransit)));
    }

    [Fact]
    public async Task A_receiver_that_stops_before_its_sender_has_left_and_nothing_is_wrong_with_that()
    {
        var source = new ProbeSource();
        var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var sender = await Zmq.StartAsync(source.Input(), Push(receiver.Endpoint()));
        source.SendNumbers(1, 10);
        await receiver.SinkAsync(10);
        await receiver.DisposeAsync();

        Assert.Equal(("left", 10L), (Up(receiver).State, Up(receiver).Received));
        Assert.Empty(LinkRows.Of(receiver["inputs.in"]));
    }

    [Fact]
    public async Task A_subscriber_that_comes_back_in_another_run_knows_what_it_missed_meanwhile()
    {
        var source = new ProbeSource();
        var output = Zmq.Output(new ZeroMqOutput.Options { Bind = [Zmq.AnyPort], SubscribeDelay = TimeSpan.Zero });
        var sender = await Zmq.StartAsync(source.Input().Raw(), output.Raw());
        var first = await Zmq.StartAsync(Sub(sender.Endpoint(), "a").Raw());
        await SubscribedAsync(source, sender, first, 3);
        var before = (int)sender["outputs.out"].In;
        await first.DisposeAsync();
        await Eventually.IsTrueAsync(() => Down(sender, 0).State == "broken");

        await PublishAsync(source, sender, 3000, 9);
        var second = await Zmq.StartAsync(Sub(sender.Endpoint(), "a").Raw());
        await ConnectedAsync(second, 1);
        await SubscribedAsync(source, sender, second, 6000);
        await DisposeAllAsync(sender, second);

        var published = (int)sender["outputs.out"].In;
        var (up, down) = (Up(second), Down(sender, 1));
        Assert.Equal(0, up.BeforeSubscribe);
        Assert.Equal(down.Dropped, up.DroppedBySender);
        Assert.Equal(["away"], up.DroppedBySender.Keys);
        Assert.InRange(up.DroppedBySender["away"], 3, published - before);
        Assert.DoesNotContain("away", Down(sender, 0).Dropped.Keys);
    }

    [Fact]
    public async Task Peers_that_do_not_agree_are_told_nothing_and_what_they_exchange_is_counted_in_one_line()
    {
        var source = new ProbeSource();
        var receiver = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort], LossAccounting = false }));
        var sender = await Zmq.StartAsync(source.Input(), Push(receiver.Endpoint()));
        source.SendNumbers(1, 10);
        await receiver.SinkAsync(10);
        await DisposeAllAsync(sender, receiver);

        Assert.Null(receiver["inputs.in"].Upstream);
        var line = Assert.Single(sender["outputs.out"].Downstream!);
        Assert.Equal(("others", 10L, 1L, null), (line.State, line.Sent, line.Connections, line.Node));
    }

    private static ComponentDefinition Push(string endpoint) => Zmq.Output(new ZeroMqOutput.Options { SocketType = SenderSocket.Push, Connect = [endpoint], Reconnect = AtOnce });

    private static ComponentDefinition Sub(string endpoint, params string[] prefixes) => Zmq.Input(new ZeroMqInput.Options { Connect = [endpoint], Subscribe = prefixes, Reconnect = AtOnce });

    private static bool IsWanted(int number) => number % 3 < 2;

    private static string Text(int number) => $"{"abc"[number % 3]} {number} {new string('.', 30)}";

    /// <summary>Publishes messages of three topics in turn.</summary>
    private static async Task PublishAsync(ProbeSource source, TestNode sender, int from, int count, int next = 0)
    {
        source.Send([.. Enumerable.Range(from, count).Select(Text)]);
        await LeftAsync(sender);
    }

    /// <summary>Waits until the publisher is done with all that was sent, also with what is on its way to it.</summary>
    private static Task LeftAsync(TestNode sender) => Eventually.IsTrueAsync(() =>
        sender["outputs.out"] is var output && output.In == output.Out + output.Dropped.Values.Sum() && output.In == sender["inputs.in"].In);

    /// <summary>Publishes until the receiver gets what it wants.</summary>
    private static async Task SubscribedAsync(ProbeSource source, TestNode sender, TestNode receiver, int from)
    {
        var before = receiver.Texts("outputs.sink").Count;
        await Eventually.IsTrueAsync(() =>
        {
            source.Send(Text(from), Text(from + 1), Text(from + 2));
            return receiver.Texts("outputs.sink").Count > before + 1;
        });
        await LeftAsync(sender);
    }

    private static Task ConnectedAsync(TestNode receiver, int connections) =>
        Eventually.IsTrueAsync(() => receiver["inputs.in"].Upstream is [{ State: "connected" } line] && line.Connections >= connections);

    private static async Task DisposeAllAsync(params TestNode[] nodes)
    {
        foreach (var node in nodes) await node.DisposeAsync();
    }

    private static UpstreamLine Up(TestNode receiver) => Assert.Single(receiver["inputs.in"].Upstream!);

    private static DownstreamLine Down(TestNode sender, int number = 0) => sender["outputs.out"].Downstream![number];
}
