using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.InteropTests;

/// <summary>The engine that speaks ZeroMQ's protocol itself, against those who have always spoken it.</summary>
public sealed class ZmtpTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)i)];

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Libzmq_pulls_messages_of_every_shape(bool binds)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Push, binds, port);
        var puller = Zmq("PULL", binds ? "connect" : "bind", port);
        var peer = await engine.Next();

        peer.Send(MessageBatch.Of(Multipart("a"), Multipart("", "b", ""), Multipart("")));
        peer.Send(MessageBatch.Of(Message.FromBytes(Large), new Message(Large, MessageFormat.Bytes, [Large]), Multipart("z")));

        var large = ZmqPeer.Shown(Large);
        Assert.Equal([["a"], ["", "b", ""], [""], [large], [large, large], ["z"]], await puller.Receives(6));
    }

    [SkippableTheory]
    [InlineData("ROUTER", true)]
    [InlineData("ROUTER", false)]
    [InlineData("DEALER", true)]
    [InlineData("DEALER", false)]
    public async Task Libzmq_routers_and_dealers_send_back_what_they_get(string socketType, bool binds)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(socketType == "ROUTER" ? PeerSocketType.Dealer : PeerSocketType.Router, binds, port);
        ZmqScript("echo.py", socketType, binds ? "connect" : "bind", $"tcp://127.0.0.1:{port}");
        var peer = await engine.Next();

        peer.Send(MessageBatch.Of(Multipart("", "b", ""), new Message(Large, MessageFormat.Bytes, [Large])));

        Assert.Equal(["", "b", ""], Frames((await engine.Receives()).Message));
        var (from, message) = await engine.Receives();
        Assert.Same(peer, from);
        Assert.True(message.Payload.Span.SequenceEqual(Large));
        Assert.True(Assert.Single(message.LeadingFrames).Span.SequenceEqual(Large));
    }

    [SkippableFact]
    public async Task Libzmqs_heartbeats_are_answered_and_it_answers_ours()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Dealer, binds: true, port, TimeSpan.FromMilliseconds(100));
        ZmqScript("echo.py", "ROUTER", "connect", $"tcp://127.0.0.1:{port}", "--heartbeat", "100", "--later", "4");
        var peer = await engine.Next();
        peer.Send(MessageBatch.Of(Multipart("a")));

        // The second comes after more than twenty silent intervals, by which either side would have given the other up.
        Assert.Same(peer, (await engine.Receives()).Peer);
        Assert.Same(peer, (await engine.Receives()).Peer);
    }

    [SkippableFact]
    public async Task A_worker_that_hangs_is_noticed()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Push, binds: true, port, TimeSpan.FromMilliseconds(100));
        var puller = Zmq("PULL", "connect", port);
        var peer = await engine.Next();

        puller.Send(Signal.Stop);

        var (ended, end) = await engine.Ends();
        Assert.Same(peer, ended);
        Assert.Contains("silent", end.Reason);
    }

    [SkippableFact]
    public async Task A_worker_that_is_killed_is_noticed_at_once_and_its_successor_found()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Push, binds: false, port);
        var puller = Zmq("PULL", "bind", port);
        var peer = await engine.Next();

        puller.Send(Signal.Kill);
        Assert.Same(peer, (await engine.Ends()).Peer);

        var successor = Zmq("PULL", "bind", port);
        (await engine.Next()).Send(MessageBatch.Of(Multipart("a")));
        Assert.Equal([["a"]], await successor.Receives(1));
    }

    [SkippableFact]
    public async Task Closing_loses_nothing_that_a_slow_worker_has_not_read_yet()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var puller = Zmq("PULL", "connect", port, "--hwm", "1", "--quiet");
        await using (var engine = new EnginePeers(PeerSocketType.Push, binds: true, port))
        {
            (await engine.Next()).Send(MessageBatch.Of(Enumerable.Range(0, 1000).Select(_ => Message.FromBytes(new byte[10_000]))));
        }

        await puller.HasReceived(1000);
    }

    [SkippableFact]
    public async Task Perls_message_pass_pulls_its_work()
    {
        Requires.Perl();
        var port = Ports.Free();
        await using var engine = new EnginePeers(PeerSocketType.Push, binds: true, port);
        var perl = MessagePass(Wiring.Receiving("PUSH/PULL", binds: false, port));
        var lines = Numbered.Lines(1, 1000);

        (await engine.Next()).Send(MessageBatch.Of(lines.Select(Message.FromText)));

        Assert.Equal(lines, await perl.Prints(Numbered.Is, lines.Length, "every line"));
    }

    private static Message Multipart(params string[] frames) =>
        new(Bytes(frames[^1]), MessageFormat.Bytes, [.. frames[..^1].Select(Bytes)]);

    private static ReadOnlyMemory<byte> Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string[] Frames(Message message) =>
        [.. message.LeadingFrames.Append(message.Payload).Select(frame => System.Text.Encoding.UTF8.GetString(frame.Span))];
}
