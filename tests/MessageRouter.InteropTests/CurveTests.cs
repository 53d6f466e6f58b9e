using System.Text;
using MessageRouter.Curve;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.InteropTests;

/// <summary>CURVE with libzmq at the other end.</summary>
public sealed class CurveTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)i)];

    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(100);

    private readonly CurveKeys ours = CurveKeys.Generate();

    private readonly CurveKeys theirs = CurveKeys.Generate();

    public static TheoryData<string, bool, bool> Pairings()
    {
        var pairings = new TheoryData<string, bool, bool>();
        foreach (var socket in new[] { "PUSH", "PULL", "PUB", "SUB" })
        {
            foreach (var binds in new[] { true, false })
            {
                pairings.Add(socket, binds, true);
                pairings.Add(socket, binds, false);
            }
        }
        return pairings;
    }

    [SkippableTheory]
    [MemberData(nameof(Pairings))]
    public async Task Messages_of_every_shape_go_between_libzmq_and_a_socket_of_ours(string socket, bool binds, bool isServer)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var type = Enum.Parse<PeerSocketType>(socket, ignoreCase: true);
        await using var engine = new EnginePeers(type, binds, port, Heartbeat, isServer ? CurveSecurity.Server(ours, CurvePeers.Any) : CurveSecurity.Client(ours, theirs.PublicKey));
        var counterpart = socket switch { "PUSH" => "PULL", "PULL" => "PUSH", "PUB" => "SUB", _ => "PUB" };
        var peer = Zmq(counterpart, binds ? "connect" : "bind", port, [.. Curve(trusts: isServer), "--heartbeat", "100"]);
        var connected = await engine.Next();
        Assert.Equal((SecurityMechanism.Curve, theirs.PublicKey), (connected.Identity.Mechanism, connected.Identity.PublicKey));
        var large = ZmqPeer.Shown(Large);

        if (type is PeerSocketType.Push or PeerSocketType.Pub)
        {
            if (type == PeerSocketType.Pub) Assert.Equal([1], (await engine.Receives()).Message.Payload.ToArray());
            connected.Send(MessageBatch.Of(Multipart("a"), Multipart("", "b", ""), Multipart("")));
            connected.Send(MessageBatch.Of(Message.FromBytes(Large), new Message(Large, MessageFormat.Bytes, [Large]), Multipart("z")));
            Assert.Equal([["a"], ["", "b", ""], [""], [large], [large, large], ["z"]], await peer.Receives(6));
        }
        else
        {
            if (type == PeerSocketType.Sub) connected.Send(MessageBatch.Of(Message.FromBytes((byte[])[1])));
            await peer.IsConnected();
            if (type == PeerSocketType.Sub) await SendUntilReceived(peer, engine);
            await peer.SendAsync("", "b", "");
            await peer.SendLargeAsync(1_000_000);
            await peer.FloodAsync(5000);
            Assert.Equal(["", "b", ""], Frames((await Next(engine)).Message));
            Assert.Equal(1_000_000, (await engine.Receives()).Message.Payload.Length);
            for (var n = 1; n <= 5000; n++) Assert.Equal($$"""{"n":{{n}}}""", Text((await engine.Receives()).Message));
        }
    }

    [SkippableFact]
    public async Task Heartbeats_go_within_the_encrypted_stream()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Dealer, binds: true, port, Heartbeat, CurveSecurity.Server(ours, CurvePeers.Any));
        ZmqScript("echo.py", ["ROUTER", "connect", $"tcp://127.0.0.1:{port}", "--heartbeat", "100", "--later", "4", .. Curve(trusts: true)]);
        var peer = await engine.Next();
        peer.Send(MessageBatch.Of(Multipart("a")));

        // The second comes after more than twenty silent intervals, by which either side would have given the other up.
        Assert.Same(peer, (await engine.Receives()).Peer);
        Assert.Same(peer, (await engine.Receives()).Peer);
    }

    [SkippableTheory]
    [InlineData("without any security")]
    [InlineData("another server's key")]
    public async Task A_libzmq_client_is_refused(string how)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Pull, binds: true, port, security: CurveSecurity.Server(ours, CurvePeers.Any));
        var peer = Zmq("PUSH", "connect", port, how == "another server's key" ? Curve(CurveKeys.Generate().PublicKey) : []);

        await peer.IsRefused();

        // Who speaks CURVE as it should still comes in.
        Zmq("PUSH", "connect", port, Curve(trusts: true));
        Assert.Equal(theirs.PublicKey, (await engine.Next()).Identity.PublicKey);
    }

    private async Task SendUntilReceived(ZmqPeer publisher, EnginePeers engine)
    {
        // A publisher drops what comes before the subscription has.
        var first = engine.Receives();
        while (!first.IsCompleted)
        {
            await publisher.SendAsync("early");
            await Task.WhenAny(first, Task.Delay(20));
        }
        Assert.Equal("early", Text((await first).Message));
    }

    private static async Task<(IPeer Peer, Message Message)> Next(EnginePeers engine)
    {
        while (true)
        {
            var next = await engine.Receives();
            if (Text(next.Message) != "early") return next;
        }
    }

    private string[] Curve(bool trusts) => Curve(trusts ? ours.PublicKey : null);

    /// <remarks>A key may begin with a hyphen.</remarks>
    private string[] Curve(string? trusted) => [$"--curve-public={theirs.PublicKey}", $"--curve-secret={SecretOf(theirs)}", .. trusted is null ? Array.Empty<string>() : [$"--trust={trusted}"]];

    private static string SecretOf(CurveKeys keys) => Z85.Encode(keys.Secret);

    private static Message Multipart(params string[] frames) => new(Bytes(frames[^1]), MessageFormat.Bytes, [.. frames[..^1].Select(Bytes)]);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string[] Frames(Message message) => [.. message.LeadingFrames.Append(message.Payload).Select(frame => Encoding.UTF8.GetString(frame.Span))];

    private static string Text(Message message) => Encoding.UTF8.GetString(message.Payload.Span);
}
