using Akka.Actor;
using MessageRouter.Distribution;
using MessageRouter.Monitoring;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Monitoring;

/// <summary>What a node's status says of each connection.</summary>
public class ConnectionsTests
{
    private readonly ProbeSource _source = new();

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Both_ends_tell_the_same_of_a_connection(bool publishes, bool senderBinds)
    {
        var endpoint = Zmq.FreeEndpoint();
        var (bind, connect) = senderBinds ? (endpoint, (string?)null) : (null, endpoint);
        await using var sender = await Zmq.StartAsync(_source.Input(), publishes ? Zmq.Pub(bind, connect) : Zmq.Push(bind, connect));
        await using var receiver = await Zmq.StartAsync(publishes ? Zmq.Sub(connect, bind) : Zmq.Pull(connect, bind));
        _source.SendNumbers(1, 100);
        await receiver.SinkAsync(100);
        await Eventually.IsTrueAsync(
            () => (Only(sender).BytesIn, Only(sender).BytesOut, Only(sender).MessagesOut) == (Only(receiver).BytesOut, Only(receiver).BytesIn, 100),
            () => $"{Only(sender)} {Only(receiver)}");

        var (there, here) = (Only(sender), Only(receiver));
        Assert.Equal((publishes ? "pub" : "push", 0, 0), (there.Socket, there.MessagesIn, there.Queued));
        Assert.Equal((publishes ? "sub" : "pull", 100, 0, 0), (here.Socket, here.MessagesIn, here.MessagesOut, here.Queued));
        Assert.InRange(there.BytesOut, 100 * RawSize, 140 * RawSize);
        AssertEnds(accepting: senderBinds ? there : here, connecting: senderBinds ? here : there, endpoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_ends_of_an_at_least_once_link_are_listed(bool distributorBinds)
    {
        var endpoint = Zmq.FreeEndpoint();
        IReadOnlyList<string> bind = [endpoint], none = [];
        await using var distributor = await Zmq.StartAsync(
            _source.Input(),
            Some.Component<DistributorOutput>("out", new DistributorOutput.Options
            {
                Delivery = DeliveryMode.AtLeastOnce, Bind = distributorBinds ? bind : none, Workers = distributorBinds ? none : bind,
            }));
        await using var worker = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options
        {
            SocketType = ReceiverSocket.Pull, Delivery = DeliveryMode.AtLeastOnce, Bind = distributorBinds ? none : bind, Connect = distributorBinds ? bind : none,
        }));
        _source.SendNumbers(1, 100);
        await worker.SinkAsync(100);
        await Eventually.IsTrueAsync(() => distributor["outputs.out"].Out == 100);

        // With the words that go with them.
        var (there, here) = (Only(distributor), Only(worker));
        Assert.InRange(there.MessagesOut, 101, 200);
        Assert.InRange(here.MessagesIn, 101, there.MessagesOut);
        Assert.InRange(there.MessagesIn, 2, 200);
        var (accepting, connecting) = distributorBinds ? (there, here) : (here, there);
        Assert.Equal(("router", "dealer"), (accepting.Socket, connecting.Socket));
        AssertEnds(accepting, connecting, endpoint);
    }

    [Fact]
    public async Task A_distributor_lists_each_worker_until_it_has_gone()
    {
        await using var stays = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var goes = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        string[] workers = [stays.Endpoint(), goes.Endpoint()];
        await using var node = await Zmq.StartAsync(_source.Input(), Some.Component<DistributorOutput>("out", new DistributorOutput.Options { Workers = workers }));
        await Eventually.IsTrueAsync(() => Lines(node)!.Count == 2);
        Assert.Equal(workers.Order(), Lines(node)!.Select(line => line.Peer).Order());
        Assert.All(Lines(node)!, line => Assert.Equal(("connected", "push"), (line.Direction, line.Socket)));

        await goes.StopAsync();

        await Eventually.IsTrueAsync(() => Lines(node)!.Count == 1);
        Assert.Equal(stays.Endpoint(), Only(node).Peer);
    }

    [Fact]
    public async Task What_waits_and_what_is_unconfirmed_is_told_of_each_peer()
    {
        var peers = new FakePeers();
        await using var node = await TestNode.StartAsync(
            Some.Chain(_source.Input(), Zmq.Push(bind: Zmq.AnyPort)), services => services.AddSingleton<IPeerEngine>(peers));
        var (slow, other) = (peers.Connect("slow", writesAtOnce: false), peers.Connect("other"));
        await node.HandledAsync("outputs/out");
        _source.SendNumbers(1, 10);
        await Eventually.IsTrueAsync(() => slow.Sent.Count == 5 && other.Sent.Count == 5);
        slow.Write(2);
        slow.Unconfirmed = 1;

        Assert.Equal([("slow", 2L, 3L, 1L), ("other", 5L, 0L, 0L)], Lines(node)!.Select(line => (line.Peer, line.MessagesOut, line.Queued, line.Unconfirmed)));
        slow.WriteAll();
    }

    [Fact]
    public async Task An_instance_that_comes_after_another_tells_of_its_own_connections()
    {
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var sender = await Zmq.StartAsync(_source.Input(), Zmq.Push(connect: receiver.Endpoint()));
        _source.SendNumbers(1, 100);
        await receiver.SinkAsync(100);
        using var stop = new CancellationTokenSource();

        // Who accepts may hear of the new connection before it hears that the old one has ended.
        var mostAccepted = 1;
        var asking = Task.Run(() =>
        {
            var asked = 0;
            for (; !stop.IsCancellationRequested; asked++)
            {
                Assert.InRange(Lines(sender)!.Count, 0, 1);
                Assert.InRange(Lines(receiver)!.Count, 0, Volatile.Read(ref mostAccepted));
            }

            return asked;
        });

        await RestartAsync(receiver, "inputs/in");
        await Eventually.IsTrueAsync(() => Lines(receiver) is [{ MessagesIn: 0 }] && Lines(sender) is [{ MessagesOut: 0 }]);
        _source.SendNumbers(101, 10);
        await receiver.SinkAsync(110);
        Volatile.Write(ref mostAccepted, 2);
        await RestartAsync(sender, "outputs/out");
        await Eventually.IsTrueAsync(() => Lines(receiver) is [{ MessagesIn: 0 }] && Lines(sender) is [{ MessagesOut: 0 }]);
        _source.SendNumbers(111, 10);
        await receiver.SinkAsync(120);

        await stop.CancelAsync();
        Assert.InRange(await asking, 1, int.MaxValue);

        // Who sends counts when the operating system has told it, and the other end may have read by then.
        await Eventually.IsTrueAsync(() => (Only(receiver).MessagesIn, Only(sender).MessagesOut) == (10, 10));
    }

    [Fact]
    public async Task A_worker_that_stops_lists_its_link_until_everything_is_answered()
    {
        await using var distributor = await Zmq.StartAsync(
            _source.Input(), Some.Component<DistributorOutput>("out", new DistributorOutput.Options { Delivery = DeliveryMode.AtLeastOnce, Bind = [Zmq.AnyPort] }));
        var gate = new Gate();
        await using var worker = await Zmq.StartAsync(
            Zmq.Input(new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Delivery = DeliveryMode.AtLeastOnce, Connect = [distributor.Endpoint()] }), gate.Output());
        _source.SendNumbers(1, 2);
        await worker.HoldsAsync("outputs/sink", 2);

        var stopping = worker.StopAsync();
        await Eventually.IsTrueAsync(() => distributor["outputs.out"].Workers!.Single().State == "leaving");
        Assert.Equal("dealer", Only(worker).Socket);
        gate.Open();

        await stopping;
        await Eventually.IsTrueAsync(() => Lines(worker) is []);
        await Eventually.IsTrueAsync(() => Lines(distributor) is []);
    }

    [Fact]
    public async Task A_node_that_has_stopped_has_no_connections()
    {
        await using var publisher = await Zmq.StartAsync(_source.Input(), Zmq.Pub(bind: Zmq.AnyPort));
        Assert.Empty(Lines(publisher)!);
        await using var subscriber = await Zmq.StartAsync(Zmq.Sub(connect: publisher.Endpoint()));
        await Eventually.IsTrueAsync(() => Lines(publisher) is [_] && Lines(subscriber) is [_]);

        await publisher.StopAsync();
        await subscriber.StopAsync();

        await Eventually.IsTrueAsync(() => Lines(publisher) is [] && Lines(subscriber) is []);
    }

    [Fact]
    public async Task Where_there_are_no_connections_that_anybody_knows_there_is_no_list()
    {
        Zmq.Engine = WireEngine.Netmq;
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var sender = await Zmq.StartAsync(_source.Input(), Zmq.Push(connect: receiver.Endpoint()));
        _source.SendNumbers(1, 1);
        await receiver.SinkAsync(1);

        Assert.All(receiver.Node.Status().Components.Concat(sender.Node.Status().Components), component => Assert.Null(component.Connections));
    }

    /// <summary>Bytes of a message with its header, about.</summary>
    private const int RawSize = 10;

    /// <summary>Of the component <c>in</c> or <c>out</c> that has peers.</summary>
    private static IReadOnlyList<ConnectionLine>? Lines(TestNode node) => node.Node.Status().Components.FirstOrDefault(component => component.Connections is not null)?.Connections;

    private static ConnectionLine Only(TestNode node) => Assert.Single(Lines(node)!);

    private static void AssertEnds(ConnectionLine accepting, ConnectionLine connecting, string endpoint)
    {
        Assert.Equal(("accepted", "connected", endpoint), (accepting.Direction, connecting.Direction, connecting.Peer));
        Assert.Matches(@"^tcp://127\.0\.0\.1:\d+$", accepting.Peer);
        Assert.NotEqual(endpoint, accepting.Peer);
        Assert.All([accepting, connecting], line => Assert.InRange(line.SilentSeconds, 0, line.SinceSeconds));
    }

    private static async Task RestartAsync(TestNode node, string path)
    {
        var before = node.CellOf(path).Counts.Restarts.Value;
        node.System.ActorSelection($"/user/router/{path}").Tell(Kill.Instance);
        await Eventually.IsTrueAsync(() => node.CellOf(path) is { IsOpen: true } cell && cell.Counts.Restarts.Value > before, node.Clock, TimeSpan.FromMilliseconds(50));
    }
}
