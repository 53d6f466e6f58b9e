using MessageRouter.Curve;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Curve;

/// <summary>Connections with CURVE, and what somebody on the way can do to them.</summary>
public sealed class CurveConnectionTests : IDisposable
{
    private readonly CurveKeys _server = CurveKeys.Generate();
    private readonly CurveKeys _client = CurveKeys.Generate();

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(61)]
    public async Task Messages_of_every_size_arrive_however_the_stream_is_cut(int piece)
    {
        await using var pull = Server(PeerSocketType.Pull);
        using var between = new Interceptor(pull.Address) { Piece = piece };
        await using var push = Client(PeerSocketType.Push, between.Endpoint);
        var peer = await push.NextPeerAsync();
        int[] sizes = piece == 1 ? [0, 1, 221, 222, 223, 256, 5000] : [0, 1, 221, 222, 223, 256, 5000, 65_000, 65_536, 70_000, 1_000_000];
        peer.Send(MessageBatch.Of(sizes.Select(size => Message.FromBytes(Bytes(size)))));
        peer.Send(MessageBatch.Of(new Message(Bytes(3), MessageFormat.Bytes, [Bytes(0), Bytes(300), Bytes(piece == 1 ? 4000 : 100_000)])));

        foreach (var size in sizes) Assert.Equal(Bytes(size), (await pull.NextMessageAsync()).Payload.ToArray());
        var last = await pull.NextMessageAsync();
        Assert.Equal([0, 300, piece == 1 ? 4000 : 100_000, 3], last.LeadingFrames.Append(last.Payload).Select(frame => frame.Length));
    }

    [Fact]
    public async Task Each_end_knows_the_key_of_the_other()
    {
        await using var pull = Server(PeerSocketType.Pull);
        await using var push = Client(PeerSocketType.Push, pull.Endpoint);

        var client = (await pull.NextPeerAsync()).Identity;
        Assert.Equal((SecurityMechanism.Curve, _client.PublicKey), (client.Mechanism, client.PublicKey));
        Assert.Equal(_server.PublicKey, (await push.NextPeerAsync()).Identity.PublicKey);
    }

    /// <summary>What is changed on the way, of which end it says what.</summary>
    public static TheoryData<string, string, int, Func<byte[], byte[][]>, string, string> Changes()
    {
        var changes = new TheoryData<string, string, int, Func<byte[], byte[][]>, string, string>();
        changes.Add("the greeting says NULL", "up", 0, frame => [Mechanism(frame, "NULL")], "server", "without any security");
        changes.Add("the greeting says PLAIN", "up", 0, frame => [Mechanism(frame, "PLAIN")], "server", "\"PLAIN\"");
        changes.Add("the greeting is ZMTP 2", "up", 0, frame => [[.. frame[..10], 1, .. frame[11..]]], "server", "older than 3.0");
        changes.Add("the server's greeting says NULL", "down", 0, frame => [Mechanism(frame, "NULL")], "client", "without any security");
        changes.Add("the server's greeting is ZMTP 2", "down", 0, frame => [[.. frame[..10], 1, .. frame[11..]]], "client", "older than 3.0");

        changes.Add("HELLO of another version", "up", 1, frame => [Set(frame, 2 + 6, 2)], "server", "version of CURVE");
        changes.Add("HELLO with something in its padding", "up", 1, frame => [Set(frame, 2 + 30, 1)], "server", "malformed");
        changes.Add("HELLO with another key", "up", 1, frame => [Flip(frame, 2 + 80)], "server", "not made for this server's key");
        changes.Add("HELLO with another number", "up", 1, frame => [Flip(frame, 2 + 119)], "server", "not made for this server's key");
        changes.Add("HELLO with another box", "up", 1, frame => [Flip(frame, frame.Length - 1)], "server", "not made for this server's key");
        changes.Add("HELLO cut off", "up", 1, frame => [[4, 100, .. frame[2..102]]], "server", "does not begin with HELLO");
        changes.Add("HELLO twice", "up", 1, frame => [frame, frame], "server", "does not go on with INITIATE");
        changes.Add("READY in place of HELLO", "up", 1, _ => [RawPeer.Ready("PUSH")], "server", "does not begin with HELLO");

        changes.Add("WELCOME with another number", "down", 1, frame => [Flip(frame, 2 + 8)], "client", "not the server whose key");
        changes.Add("WELCOME with another box", "down", 1, frame => [Flip(frame, frame.Length - 1)], "client", "not the server whose key");
        changes.Add("WELCOME cut off", "down", 1, frame => [[4, 90, .. frame[2..92]]], "client", "does not answer HELLO");
        changes.Add("READY in place of WELCOME", "down", 1, _ => [RawPeer.Ready("PULL")], "client", "does not answer HELLO");
        changes.Add("an error in place of WELCOME", "down", 1, _ => [RawPeer.Command("ERROR", [3, .. "500"u8])], "client", "reports an error");

        changes.Add("INITIATE with another cookie", "up", 2, frame => [Flip(frame, Header(frame) + 9 + 40)], "server", "cookie");
        changes.Add("INITIATE with another number", "up", 2, frame => [Flip(frame, Header(frame) + 9 + 96 + 7)], "server", "INITIATE");
        changes.Add("INITIATE with the number of HELLO", "up", 2, frame => [Set(frame, Header(frame) + 9 + 96 + 7, 1)], "server", "not above");
        changes.Add("INITIATE with another box", "up", 2, frame => [Flip(frame, frame.Length - 1)], "server", "sealed by somebody else");
        changes.Add("INITIATE cut off", "up", 2, frame => [[4, 150, .. frame[Header(frame)..(Header(frame) + 150)]]], "server", "does not go on with INITIATE");

        changes.Add("READY with another number", "down", 2, frame => [Flip(frame, 2 + 6 + 7)], "client", "sealed by somebody else");
        changes.Add("READY with another box", "down", 2, frame => [Flip(frame, frame.Length - 1)], "client", "sealed by somebody else");
        changes.Add("READY that is not sealed", "down", 2, _ => [RawPeer.Ready("PULL")], "client", "does not answer INITIATE");
        return changes;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_handshake_that_somebody_has_changed_fails_and_the_next_one_does_not(string what, string direction, int number, Func<byte[], byte[][]> change, string whose, string reason)
    {
        _ = what;
        await using var pull = Server(PeerSocketType.Pull);
        using var between = new Interceptor(pull.Address);
        if (direction == "up") between.Up = (at, frame) => at == number ? change(frame) : [frame];
        else between.Down = (at, frame) => at == number ? change(frame) : [frame];
        await using var push = Client(PeerSocketType.Push, between.Endpoint);

        var log = (whose == "server" ? pull : push).Log;
        await Eventually.IsTrueAsync(() => log.Lines.Any(line => line.Text.Contains(reason)), () => string.Join("\n", pull.Log.Lines.Concat(push.Log.Lines).Select(line => line.Text)));
        // A server has a peer from the moment on that it has said READY, whatever becomes of that.
        await Eventually.IsTrueAsync(() => pull.Socket.Peers.Count == 0, () => "The peer is still there.");

        await using var honest = Client(PeerSocketType.Push, pull.Endpoint);
        (await honest.NextPeerAsync()).Send(MessageBatch.Of(Message.FromText("good")));
        Assert.Equal("good"u8.ToArray(), (await pull.NextMessageAsync()).Payload.ToArray());
    }

    /// <summary>What is done to the second message, and what the receiver says.</summary>
    public static TheoryData<string, Func<byte[], byte[], byte[][]>, string> Tampering()
    {
        var tampering = new TheoryData<string, Func<byte[], byte[], byte[][]>, string>();
        tampering.Add("a bit of the payload", (_, frame) => [Flip(frame, frame.Length - 1)], "sealed by somebody else");
        tampering.Add("a bit of the tag", (_, frame) => [Flip(frame, 2 + 16)], "sealed by somebody else");
        tampering.Add("a bit of the number", (_, frame) => [Flip(frame, 2 + 8)], "missing");
        tampering.Add("a bit of the name", (_, frame) => [Flip(frame, 2 + 1)], "not sealed");
        tampering.Add("the first message again", (before, _) => [before], "a second time");
        tampering.Add("the message twice", (_, frame) => [frame, frame], "a second time");
        tampering.Add("left out", (_, _) => [], "missing");
        tampering.Add("cut off", (_, frame) => [[0, (byte)(frame.Length - 3), .. frame[2..^1]]], "sealed by somebody else");
        tampering.Add("too short to be sealed", (_, _) => [[0, 20, .. new byte[20]]], "not sealed");
        tampering.Add("a plain message before it", (_, frame) => [RawPeer.Frame("in clear"u8.ToArray()), frame], "not sealed");
        tampering.Add("a plain PING before it", (_, frame) => [RawPeer.Command("PING", [0, 0]), frame], "not sealed");
        tampering.Add("a flag outside", (_, frame) => [Set(frame, 0, 1)], "not sealed");
        tampering.Add("a size without end", (_, _) => [RawPeer.LongHeader(1UL << 62)], "max-message-size");
        return tampering;
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task A_message_that_somebody_has_changed_ends_the_connection_and_is_not_received(string what, Func<byte[], byte[], byte[][]> change, string reason)
    {
        _ = what;
        await using var pull = Server(PeerSocketType.Pull);
        using var between = new Interceptor(pull.Address);
        byte[] before = [];
        between.Up = (number, frame) =>
        {
            if (number == 3) before = frame;
            return number == 4 ? change(before, frame) : [frame];
        };
        await using var push = Client(PeerSocketType.Push, between.Endpoint);
        var peer = await push.NextPeerAsync();
        peer.Send(MessageBatch.Of(Message.FromText("first")));
        Assert.Equal("first"u8.ToArray(), (await pull.NextMessageAsync()).Payload.ToArray());

        peer.Send(MessageBatch.Of(Message.FromText("secret"), Message.FromText("and more")));

        var (_, end) = await pull.NextEndAsync();
        Assert.Contains(reason, end.Reason);
        Assert.Contains(end.Refusal, new[] { Refusals.Forged, Refusals.TooLarge });
        Assert.True(!pull.HasMessage || what == "the message twice", "It was received.");
    }

    [Fact]
    public async Task Who_is_on_the_way_with_keys_of_his_own_is_not_taken_for_the_server()
    {
        using var others = CurveKeys.Generate();
        await using var impostor = PeerProbe.Bound(PeerSocketType.Pull, settings => settings with { Security = CurveSecurity.Server(others, CurvePeers.Any) });
        await using var push = Client(PeerSocketType.Push, impostor.Endpoint);

        await Eventually.IsTrueAsync(() => push.Log.Lines.Any(line => line.Text.Contains("may not be its key")), () => string.Join("\n", push.Log.Lines.Select(line => line.Text)));
        Assert.Empty(impostor.Socket.Peers);
    }

    [Fact]
    public async Task A_handshake_that_was_recorded_opens_no_other_connection()
    {
        await using var pull = Server(PeerSocketType.Pull);
        var recorded = new List<byte[]>();
        using (var between = new Interceptor(pull.Address) { Up = (_, frame) => [Recorded(frame)] })
        {
            await using var push = Client(PeerSocketType.Push, between.Endpoint);
            (await push.NextPeerAsync()).Send(MessageBatch.Of(Message.FromText("once")));
            await pull.NextMessageAsync();
        }
        await pull.NextEndAsync();

        using var replay = await RawPeer.ConnectAsync(pull);
        await replay.SendAsync([.. recorded]);
        await replay.ReceiveToEndAsync();
        await Eventually.IsTrueAsync(() => pull.Log.Lines.Any(line => line.Text.Contains("cookie")), () => string.Join("\n", pull.Log.Lines.Select(line => line.Text)));
        Assert.False(pull.HasMessage);

        byte[] Recorded(byte[] frame)
        {
            lock (recorded) recorded.Add(frame);
            return frame;
        }
    }

    private PeerProbe Server(PeerSocketType socket) => PeerProbe.Bound(socket, settings => settings with { Security = CurveSecurity.Server(_server, CurvePeers.Any) });

    private PeerProbe Client(PeerSocketType socket, string endpoint) => PeerProbe.Connected(socket, endpoint, settings => settings with { Security = CurveSecurity.Client(_client, _server.PublicKey) });

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7))];

    private static int Header(byte[] frame) => (frame[0] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader;

    private static byte[] Flip(byte[] frame, int at) => Set(frame, at, (byte)(frame[at] ^ 0x10));

    private static byte[] Set(byte[] frame, int at, byte value)
    {
        byte[] changed = [.. frame];
        changed[at] = value;
        return changed;
    }

    private static byte[] Mechanism(byte[] greeting, string name) => [.. greeting[..12], .. System.Text.Encoding.ASCII.GetBytes(name.PadRight(20, '\0')), .. greeting[32..]];
}
