using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Zmtp;

/// <summary>What a connection tells of itself while it is there.</summary>
public class TrafficTests
{
    [Fact]
    public async Task Counts_messages_and_every_byte_of_both_directions()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var raw = await RawPeer.IntroducedAsync(probe, "DEALER");
        var peer = await probe.NextPeerAsync();
        byte[] sent = [.. RawPeer.Frame([1], more: true), .. RawPeer.Frame([2]), .. RawPeer.Frame(new byte[200_000]), .. RawPeer.Command("PING", [0, 0, 7])];
        byte[] pong = RawPeer.Command("PONG", [7]);

        await raw.SendAsync(sent);
        for (var i = 0; i < 2; i++) await probe.NextMessageAsync();
        Assert.Equal(pong, await raw.ReceiveAsync(pong.Length));
        peer.Send(MessageBatch.Of(Message.FromBytes(new byte[300_000]), Message.FromBytes(new byte[] { 1 }), Message.FromBytes(Array.Empty<byte>())));
        byte[] expected = [.. RawPeer.Frame(new byte[300_000]), .. RawPeer.Frame([1]), .. RawPeer.Frame([])];
        Assert.Equal(expected, await raw.ReceiveAsync(expected.Length));
        await probe.WrittenAsync(peer, 3);

        var traffic = peer.Traffic;
        Assert.Equal((2, RawPeer.Greeting.Length + RawPeer.Ready("DEALER").Length + sent.Length), (traffic.MessagesIn, traffic.BytesIn));
        Assert.Equal((3, Greeting.Length + Command.Ready(PeerMetadata.Of(PeerSocketType.Router, [])).Length + pong.Length + expected.Length), (traffic.MessagesOut, traffic.BytesOut));
        Assert.Equal(0, traffic.Waiting);
    }

    [Fact]
    public async Task A_peer_is_listed_from_its_introduction_to_its_end()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Pull);
        using var raw = await RawPeer.ConnectAsync(probe);
        await raw.SendAsync(RawPeer.Greeting);
        await raw.ReceiveAsync(Greeting.Length);
        Assert.Empty(probe.Socket.Peers);

        await raw.SendAsync(RawPeer.Ready("PUSH"));
        var peer = await probe.NextPeerAsync();
        Assert.Equal(PeerSocketType.Pull, probe.Socket.Type);
        Assert.Same(peer, Assert.Single(probe.Socket.Peers));

        raw.Dispose();
        await probe.NextEndAsync();
        Assert.Empty(probe.Socket.Peers);
    }

    [Fact]
    public async Task Of_a_closed_socket_those_are_there_that_are_still_waited_for()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        await probe.NextPeerAsync();

        var closing = probe.Socket.CloseAsync();
        Assert.Single(probe.Socket.Peers);
        probe.Clock.Advance(TimeSpan.FromSeconds(1));

        await closing.WaitAsync(TestNode.Patience);
        Assert.Empty(probe.Socket.Peers);
    }

    [Fact]
    public async Task Knows_since_when_a_connection_is_there_and_since_when_it_is_silent()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Pull);
        using var raw = await RawPeer.IntroducedAsync(probe, "PUSH");
        var peer = await probe.NextPeerAsync();
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (peer.Traffic.Age, peer.Traffic.Silence));

        probe.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), (peer.Traffic.Age, peer.Traffic.Silence));

        // What is no message is heard too.
        await raw.SendAsync(RawPeer.Command("PING", [0, 0]));
        await raw.ReceiveAsync(RawPeer.Command("PONG", []).Length);
        probe.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2)), (peer.Traffic.Age, peer.Traffic.Silence));
    }

    [Fact]
    public async Task What_a_peer_does_not_read_waits_until_it_does()
    {
        const int count = 100, size = 100_000;
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL", receiveBuffer: 4096);
        var peer = await probe.NextPeerAsync();
        for (var i = 0; i < count; i++) peer.Send(MessageBatch.Of(Message.FromBytes(new byte[size])));
        await probe.WrittenAsync(peer, 1);
        await Eventually.IsStableAsync(() => probe.WrittenTo(peer));

        Assert.Equal((probe.WrittenTo(peer), count - probe.WrittenTo(peer)), (peer.Traffic.MessagesOut, peer.Traffic.Waiting));
        Assert.InRange(peer.Traffic.Waiting, 1, count - 1);

        await raw.ReceiveAsync(count * RawPeer.Frame(new byte[size]).Length);
        await probe.WrittenAsync(peer, count);
        Assert.Equal((count, 0), (peer.Traffic.MessagesOut, peer.Traffic.Waiting));
    }

    [Fact]
    public async Task Subscriptions_are_no_messages()
    {
        await using var publisher = PeerProbe.Bound(PeerSocketType.Pub);
        await using var subscriber = PeerProbe.Connected(PeerSocketType.Sub, publisher.Endpoint);
        var (here, there) = (await publisher.NextPeerAsync(), await subscriber.NextPeerAsync());

        there.Send(MessageBatch.Of(Message.FromBytes(new byte[] { 1 })));
        await publisher.NextMessageAsync();
        await subscriber.WrittenAsync(there, 1);
        here.Send(MessageBatch.Of(Message.FromText("one"), Message.FromText("two")));
        for (var i = 0; i < 2; i++) await subscriber.NextMessageAsync();
        await publisher.WrittenAsync(here, 2);

        Assert.Equal((0, 2, 0), (here.Traffic.MessagesIn, here.Traffic.MessagesOut, here.Traffic.Waiting));
        Assert.Equal((2, 0, 0), (there.Traffic.MessagesIn, there.Traffic.MessagesOut, there.Traffic.Waiting));
        Assert.Equal((here.Traffic.BytesIn, here.Traffic.BytesOut), (there.Traffic.BytesOut, there.Traffic.BytesIn));
    }
}
