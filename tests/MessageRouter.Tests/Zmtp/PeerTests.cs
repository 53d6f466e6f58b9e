using System.Net;
using System.Net.Sockets;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp;

public class PeerTests
{
    [Fact]
    public async Task Sends_messages_with_all_their_frames_in_order()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        var peer = await probe.NextPeerAsync();
        var large = new byte[1_000_000];
        Random.Shared.NextBytes(large);

        peer.Send(MessageBatch.Of(Multipart([1], [2], []), Multipart([[]])));
        peer.Send(MessageBatch.Of(Multipart(large, large), Multipart(new byte[255]), Multipart(new byte[256])));

        byte[] expected =
        [
            .. RawPeer.Frame([1], more: true), .. RawPeer.Frame([2], more: true), .. RawPeer.Frame([]), .. RawPeer.Frame([]),
            .. RawPeer.Frame(large, more: true), .. RawPeer.Frame(large), .. RawPeer.Frame(new byte[255]), .. RawPeer.Frame(new byte[256]),
        ];
        var received = await raw.ReceiveAsync(expected.Length);
        Assert.True(expected.AsSpan().SequenceEqual(received));
        await probe.WrittenAsync(peer, 5);
    }

    [Fact]
    public async Task What_may_be_sent_within_the_word_that_a_peer_is_there_is_sent()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        probe.OnConnected = peer => peer.Send(MessageBatch.Of(Multipart([1])));
        using var raw = await RawPeer.IntroducedAsync(probe, "DEALER");

        Assert.Equal(RawPeer.Frame([1]), await raw.ReceiveAsync(3));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_has_neither_what_is_partly_written_nor_what_comes_after()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL", receiveBuffer: 4096);
        var peer = await probe.NextPeerAsync();
        var payload = new byte[100_000];

        // More than the buffers of both machines hold.
        for (var i = 0; i < 200; i++) peer.Send(MessageBatch.Of(Multipart(payload)));
        await probe.WrittenAsync(peer, 1);
        await Eventually.IsStableAsync(() => probe.WrittenTo(peer));
        var before = probe.WrittenTo(peer);
        raw.Reset();
        var (ended, end) = await probe.NextEndAsync();

        Assert.Same(peer, ended);
        Assert.InRange(before, 1, 199);
        Assert.Equal(before, probe.WrittenTo(peer));
        if (OperatingSystem.IsLinux()) Assert.InRange(end.Unconfirmed, 1, before);
    }

    [Fact]
    public async Task What_a_peer_has_read_is_confirmed_when_it_goes()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        var peer = await probe.NextPeerAsync();
        peer.Send(MessageBatch.Of(Enumerable.Range(0, 100).Select(_ => Multipart([1]))));
        await raw.ReceiveAsync(300);
        await probe.WrittenAsync(peer, 100);

        raw.Dispose();

        var (_, end) = await probe.NextEndAsync();
        Assert.Equal(new PeerEnd("The peer has closed the connection.", 0), end);
    }

    [Fact]
    public async Task A_peer_that_breaks_off_in_the_middle_of_a_message_is_gone_and_the_message_with_it()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var raw = await RawPeer.IntroducedAsync(probe, "DEALER");
        await raw.SendAsync(RawPeer.Frame([1]), RawPeer.Frame([2], more: true), RawPeer.LongHeader(1000), new byte[500]);
        await probe.NextMessageAsync();

        raw.Reset();

        await probe.NextEndAsync();
        Assert.False(probe.HasMessage);
    }

    [Theory]
    [InlineData("sent a message of more than 16777216 bytes", new byte[] { 2, 0, 0, 0, 0, 1, 0, 0, 1 })]
    [InlineData("flags", new byte[] { 0x80, 0 })]
    [InlineData("malformed command", new byte[] { 4, 0 })]
    [InlineData("malformed command", new byte[] { 4, 2, 0, 0 })]
    [InlineData("malformed command", new byte[] { 4, 2, 9, 65 })]
    [InlineData("malformed PING", new byte[] { 4, 6, 4, (byte)'P', (byte)'I', (byte)'N', (byte)'G', 0 })]
    public async Task A_peer_that_breaks_the_protocol_is_disconnected_and_the_others_stay(string reason, byte[] bytes)
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var good = await RawPeer.IntroducedAsync(probe, "DEALER");
        await probe.NextPeerAsync();
        using var bad = await RawPeer.IntroducedAsync(probe, "DEALER");
        var peer = await probe.NextPeerAsync();

        await bad.SendAsync(bytes);

        var (ended, end) = await probe.NextEndAsync();
        Assert.Same(peer, ended);
        Assert.Contains(reason, end.Reason);
        await good.SendAsync(RawPeer.Frame([1]));
        await probe.NextMessageAsync();
    }

    [Fact]
    public async Task A_worker_that_sends_messages_to_a_push_socket_is_disconnected()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");

        await raw.SendAsync(RawPeer.Frame([1]));

        Assert.Contains("only sends", (await probe.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task Answers_a_ping_and_ignores_commands_that_it_does_not_know()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");

        await raw.SendAsync(RawPeer.Command("SUBSCRIBE", [1]), RawPeer.Command("PING", [0, 10, 1, 2, 3]));

        var pong = RawPeer.Command("PONG", [1, 2, 3]);
        Assert.Equal(pong, await raw.ReceiveAsync(pong.Length));
    }

    [Fact]
    public async Task A_peer_that_never_reads_the_answers_to_its_pings_is_still_heard()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Pull);
        using var deaf = await RawPeer.IntroducedAsync(probe, "PUSH", receiveBuffer: 4096);
        byte[] pings = [.. Enumerable.Repeat(RawPeer.Command("PING", [0, 10, .. new byte[16]]), 1000).SelectMany(ping => ping)];

        for (var i = 0; i < 300; i++) await deaf.SendAsync(pings);
        await deaf.SendAsync(RawPeer.Frame("still there"u8.ToArray()));

        Assert.Equal("still there", (await probe.NextMessageAsync()).ToString());
    }

    [Fact]
    public async Task A_peer_that_sends_a_byte_a_second_is_heard_out_and_holds_nobody_up()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Pull, settings => settings with { HeartbeatInterval = TimeSpan.FromSeconds(10), HeartbeatTimeout = TimeSpan.FromSeconds(30) });
        using var slow = await RawPeer.IntroducedAsync(probe, "PUSH");
        var slowPeer = await probe.NextPeerAsync();
        using var quick = await RawPeer.IntroducedAsync(probe, "PUSH");
        var quickPeer = await probe.NextPeerAsync();

        var body = new byte[100];
        foreach (var b in RawPeer.Frame(body))
        {
            await slow.SendAsync([b]);
            probe.Clock.Advance(TimeSpan.FromSeconds(1));

            // In the same second the other one's message comes through, and keeps it from being taken for silent.
            await quick.SendAsync(RawPeer.Frame([1]));
            await probe.NextMessageAsync(quickPeer);
        }

        Assert.Equal(body, (await probe.NextMessageAsync(slowPeer)).Payload.ToArray());
    }

    [Fact]
    public async Task A_silent_peer_is_asked_and_then_disconnected()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push, settings => settings with
        {
            HeartbeatInterval = TimeSpan.FromSeconds(10),
            HeartbeatTimeout = TimeSpan.FromSeconds(3),
        });
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        await probe.NextPeerAsync();
        await raw.SendAsync(RawPeer.Command("PING", [0, 0]));
        await raw.ReceiveAsync(RawPeer.Command("PONG", []).Length);

        probe.Clock.Advance(TimeSpan.FromSeconds(10));
        var ping = RawPeer.Command("PING", [0, 0]);
        Assert.Equal(ping, await raw.ReceiveAsync(ping.Length));
        probe.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("It was silent for 3 s.", (await probe.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task A_peer_that_may_still_be_at_its_messages_is_not_taken_for_silent()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push, settings => settings with
        {
            HeartbeatInterval = TimeSpan.FromSeconds(10),
            HeartbeatTimeout = TimeSpan.FromSeconds(3),
        });
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        var peer = await probe.NextPeerAsync();
        peer.Send(MessageBatch.Of(Message.FromText("work")));
        await probe.WrittenAsync(peer, 1);
        probe.Clock.Advance(TimeSpan.FromSeconds(10));

        for (var second = 0; second < 60; second++) probe.Clock.Advance(TimeSpan.FromSeconds(1));
        await raw.ReceiveAsync(RawPeer.Frame("work"u8.ToArray()).Length);

        // An answer counts only for a question that has been asked.
        await raw.ReceiveAsync(Command.Ping.Length);
        var pong = RawPeer.Command("PONG", [7]);
        await raw.SendAsync(RawPeer.Command("PONG", []), RawPeer.Command("PING", [0, 0, 7]));
        while (!(await raw.ReceiveAsync(1)).SequenceEqual(pong[..1]) || !(await raw.ReceiveAsync(pong.Length - 1))[^1..].SequenceEqual(pong[^1..]))
        {
            // Questions were asked meanwhile, which are as long.
        }

        // What it had to read it has read: from now on silence is silence.
        probe.Clock.Advance(TimeSpan.FromSeconds(10));
        probe.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("It was silent for 3 s.", (await probe.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task A_connection_that_is_finished_stays_until_the_peer_has_read_everything()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        var peer = await probe.NextPeerAsync();

        peer.Send(MessageBatch.Of(Message.FromText("last")));
        peer.Finish();
        probe.Clock.Advance(TimeSpan.FromMinutes(1));
        await raw.SendAsync(RawPeer.Command("PONG", []));

        Assert.Equal(RawPeer.Frame("last"u8.ToArray()), await raw.ReceiveToEndAsync());
        raw.Dispose();
        Assert.Equal(0, (await probe.NextEndAsync()).End.Unconfirmed);
    }

    [Fact]
    public async Task Closing_lets_what_was_sent_arrive_however_slowly_it_is_read()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL", receiveBuffer: 4096);
        var peer = await probe.NextPeerAsync();
        var frame = RawPeer.Frame(new byte[100_000]);
        for (var i = 0; i < 100; i++) peer.Send(MessageBatch.Of(Multipart(new byte[100_000])));

        var closing = probe.Socket.CloseAsync();
        peer.Send(MessageBatch.Of(Multipart([9])));

        Assert.Equal(100 * frame.Length, (await raw.ReceiveToEndAsync()).Length);
        raw.Dispose();
        await closing.WaitAsync(TestNode.Patience);
        Assert.Equal(new PeerEnd("The peer has closed the connection.", 0), (await probe.NextEndAsync()).End);
        Assert.Equal(100, probe.WrittenTo(peer));
    }

    [Fact]
    public async Task Closing_waits_for_a_peer_no_longer_than_the_linger_time()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        await probe.NextPeerAsync();

        var closing = probe.Socket.CloseAsync();
        Assert.False(closing.IsCompleted);
        probe.Clock.Advance(TimeSpan.FromSeconds(1));

        await closing.WaitAsync(TestNode.Patience);
        Assert.Equal("This side has closed the socket.", (await probe.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task Closing_one_peer_says_the_last_word_first_and_leaves_the_others()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var other = await RawPeer.IntroducedAsync(probe, "DEALER");
        await probe.NextPeerAsync();
        using var raw = await RawPeer.IntroducedAsync(probe, "DEALER");
        var peer = await probe.NextPeerAsync();

        peer.Send(MessageBatch.Of(Multipart([1])));
        peer.Close("No.");

        Assert.Equal(RawPeer.Frame([1]), await raw.ReceiveToEndAsync());
        raw.Dispose();
        Assert.Same(peer, (await probe.NextEndAsync()).Peer);
        await other.SendAsync(RawPeer.Frame([2]));
        await probe.NextMessageAsync();
    }

    [Fact]
    public async Task Disconnecting_ends_at_once()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var raw = await RawPeer.IntroducedAsync(probe, "DEALER");
        var peer = await probe.NextPeerAsync();

        peer.Disconnect("No.");

        await raw.ReceiveToEndAsync();
        Assert.Equal(new PeerEnd("No."), (await probe.NextEndAsync()).End);
    }

    [Fact]
    public async Task The_port_is_free_as_soon_as_closing_begins()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        using var raw = await RawPeer.IntroducedAsync(probe, "PULL");
        await probe.NextPeerAsync();

        _ = probe.Socket.CloseAsync();

        await using var next = PeerProbe.Bound(PeerSocketType.Push, settings => settings with { Bind = [Bind(probe.Endpoint)] });
        probe.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_port_in_use_cannot_be_bound()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);

        var exception = Assert.Throws<ZmtpEndpointException>(() => PeerProbe.Bound(PeerSocketType.Push, settings => settings with { Bind = [Bind(probe.Endpoint)] }));

        Assert.Contains($"{probe.Endpoint} cannot be bound: it is in use", exception.Message);
    }

    [Fact]
    public async Task Connects_again_and_again_with_growing_pauses_and_begins_anew_after_success()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await using var probe = PeerProbe.Connected(PeerSocketType.Push, endpoint);
        for (var i = 0; i < 3; i++)
        {
            var accepting = RawPeer.AcceptAsync(listener);
            await Eventually.IsTrueAsync(() => accepting.IsCompleted, probe.Clock, TimeSpan.FromMilliseconds(20));
            using var raw = await accepting;
            await raw.IntroduceAsync("PULL");
            var peer = await probe.NextPeerAsync();
            Assert.Equal(endpoint, peer.Name);
            raw.Dispose();
            Assert.Same(peer, (await probe.NextEndAsync()).Peer);
        }
    }

    [Fact]
    public async Task A_worker_of_another_implementation_receives_from_both_directions()
    {
        await using var bound = PeerProbe.Bound(PeerSocketType.Push);
        await using var first = await Zmq.StartAsync(Zmq.Pull(connect: bound.Endpoint).Raw());
        await using var second = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort).Raw());
        await using var connected = PeerProbe.Connected(PeerSocketType.Push, second.Endpoint());
        var payload = new byte[1_000_000];
        foreach (var (probe, node) in new[] { (bound, first), (connected, second) })
        {
            var peer = await probe.NextPeerAsync();
            peer.Send(MessageBatch.Of(Multipart([1], [], [2]), Multipart([[]]), Multipart(payload), Multipart([3])));
            await node.SinkAsync(4);

            var messages = node.Recorded["outputs.sink"].ToList();
            Assert.Equal([[1], []], messages[0].LeadingFrames.Select(frame => frame.ToArray()));
            Assert.Equal([1, 0, payload.Length, 1], messages.Select(message => message.Payload.Length));
        }
    }

    private static Message Multipart(params byte[][] frames) =>
        new(frames[^1], MessageFormat.Bytes, [.. frames[..^1].Select(frame => new ReadOnlyMemory<byte>(frame))]);

    private static ZmtpEndpoint Bind(string endpoint) =>
        ZmtpEndpoint.TryParse(endpoint, EndpointUse.Bind, out var parsed, out var problem) ? parsed : throw new FormatException(problem);
}
