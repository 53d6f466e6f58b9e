using System.Net;
using System.Text;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>Messages that came over a connection say over which, and what is known of its other end.</summary>
public class WhoSentItTests
{
    [Fact]
    public async Task Each_message_names_the_connection_that_it_came_over()
    {
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var (one, other) = (new ProbeSource(), new ProbeSource());
        await using var first = await Zmq.StartAsync(one.Input(), Zmq.Push(connect: receiver.Endpoint()));
        await using var second = await Zmq.StartAsync(other.Input(), Zmq.Push(connect: receiver.Endpoint()));

        for (var n = 0; n < 50; n++)
        {
            one.SendNumbers(n, 1);
            other.SendNumbers(100 + n, 1);
        }
        await receiver.SinkAsync(100);

        var senders = receiver.Recorded["outputs.sink"].GroupBy(message => (int)message["n"]! >= 100).Select(group => Assert.Single(group.Select(message => message.Peer).Distinct())!).ToList();
        var connections = receiver.CellOf("inputs/in").Connections!();
        Assert.Equal(connections.Select(connection => connection.Peer).Order(), senders.Select(sender => sender.Address).Order());
        Assert.All(senders, sender => Assert.Equal((null, null, null), (sender.Identity, sender.Mechanism, sender.RoutingId)));
    }

    [Fact]
    public async Task Of_a_publisher_that_it_connects_to_it_names_the_endpoint()
    {
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Pub(bind: Zmq.AnyPort));
        await using var receiver = await Zmq.StartAsync(Zmq.Sub(connect: sender.Endpoint(), subscribe: ["{"]));

        source.SendNumbers(1, 3);
        await receiver.SinkAsync(3);

        Assert.All(receiver.Recorded["outputs.sink"], message => Assert.Equal(sender.Endpoint(), message.Peer?.Address));
    }

    [Theory]
    [InlineData("plant 7", "plant 7")]
    [InlineData("größe", "größe")]
    [InlineData("hex:00010A", "0x00010A")]
    [InlineData("hex:FFFE", "0xFFFE")]
    [InlineData("", null)]
    public async Task The_identity_that_a_peer_gives_itself_is_shown_as_text_or_as_digits(string identity, string? shown)
    {
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, receiver.Port()));

        await peer.IntroduceAsync("PUSH", identity.StartsWith("hex:", StringComparison.Ordinal) ? Convert.FromHexString(identity[4..]) : Encoding.UTF8.GetBytes(identity));
        await peer.SendAsync(RawPeer.Frame("{}"u8.ToArray()), RawPeer.Frame("[]"u8.ToArray(), more: true), RawPeer.Frame("[]"u8.ToArray()));
        await receiver.SinkAsync(2);

        var sender = receiver.Recorded["outputs.sink"][0].Peer;
        Assert.Equal((shown, null), (sender?.RoutingId, sender?.Identity));
        Assert.Same(sender, receiver.Recorded["outputs.sink"][1].Peer);
    }

    [Fact]
    public async Task What_was_proven_of_a_peer_goes_with_its_messages_and_ends_with_its_connection()
    {
        var peers = new FakePeers();
        await using var node = await TestNode.StartAsync(Some.Chain(Zmq.Pull(bind: "tcp://127.0.0.1:1")), services => services.AddSingleton<IPeerEngine>(peers).AddComponentServices());
        PeerIdentity Identity(string name) => new() { Name = name, PublicKey = $"key of {name}", Mechanism = SecurityMechanism.Curve, Attributes = new Dictionary<string, string> { ["team"] = name } };

        var office = peers.Connect("tcp://10.0.0.7:1", identity: Identity("office"));
        office.Say(Message.FromJson("1"));
        office.HangUp();
        peers.Connect("tcp://10.0.0.7:1", identity: Identity("lab")).Say(Message.FromJson("2"));
        await node.SinkAsync(2);

        Assert.Equal(
            [("office", "key of office", "curve", "office"), ("lab", "key of lab", "curve", "lab")],
            node.Recorded["outputs.sink"].Select(message => (message.Peer!.Identity, message.Peer.PublicKey, message.Peer.Mechanism, message.Peer.Attributes["team"])));
    }
}
