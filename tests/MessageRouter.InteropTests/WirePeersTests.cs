using System.Text;
using MessageRouter.Zmtp;
using NetMQ;
using Theirs = NetMQ.Sockets;

namespace MessageRouter.InteropTests;

/// <summary>The sockets of the wire against those of NetMQ and of the Perl original, whichever side binds.</summary>
public sealed class WirePeersTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly string[] Frames = ["route", "", "body"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_pushed_comes_to_NetMQ_s_puller(bool binds)
    {
        var port = Ports.Free();
        using var pull = new Theirs.PullSocket(Of(!binds, port));
        await using var push = new PushSocket(Options(binds, port));

        await push.SendAsync(ZmtpMessage.Of([.. Frames.Select(Encoding.UTF8.GetBytes)]));

        Assert.Equal(Frames, Take(pull));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_NetMQ_pushes_is_pulled(bool binds)
    {
        var port = Ports.Free();
        await using var pull = new PullSocket(Options(binds, port));
        using var push = new Theirs.PushSocket(Of(!binds, port));

        Assert.True(push.TrySendMultipartMessage(Peer.Patience, new NetMQMessage(Frames.Select(frame => new NetMQFrame(frame)))));

        Assert.Equal(string.Join('|', Frames), await NextAsync(pull));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_published_comes_to_NetMQ_s_subscriber(bool binds)
    {
        var port = Ports.Free();
        using var sub = new Theirs.SubscriberSocket(Of(!binds, port));
        sub.Subscribe("yes");
        await using var pub = new PubSocket(Options(binds, port));

        // NetMQ subscribes with who connects when it is asked for something.
        var taken = Task.Run(() => Take(sub));
        await pub.WaitForSubscriberAsync().WaitAsync(Peer.Patience);

        Assert.False(pub.Send(new ZmtpMessage("no"u8.ToArray())));
        Assert.True(pub.Send(new ZmtpMessage("yes 1"u8.ToArray())));

        Assert.Equal(["yes 1"], await taken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_NetMQ_publishes_comes_to_who_subscribes(bool binds)
    {
        var port = Ports.Free();
        await using var sub = new SubSocket(Options(binds, port), "yes");
        using var pub = new Theirs.XPublisherSocket(Of(!binds, port));
        Assert.Equal(["\u0001yes"], Take(pub));

        pub.SendFrame("no");
        pub.SendFrame("yes 1");

        Assert.Equal("yes 1", await NextAsync(sub));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_pushed_comes_to_Perl(bool binds)
    {
        Requires.Perl();
        var port = Ports.Free();
        var perl = MessagePass(Wiring.Receiving("PUSH/PULL", !binds, port));
        await using var push = new PushSocket(Options(binds, port));

        await push.SendAsync(new ZmtpMessage(Encoding.UTF8.GetBytes(Numbered.Line(1))));

        await perl.Prints(line => line == Numbered.Line(1), "what was pushed");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_published_comes_to_Perl(bool binds)
    {
        Requires.Perl();
        var port = Ports.Free();
        var perl = MessagePass(Wiring.Receiving("PUB/SUB", !binds, port));
        await using var pub = new PubSocket(Options(binds, port));
        await pub.WaitForSubscriberAsync().WaitAsync(Peer.Patience);

        Assert.True(pub.Send(new ZmtpMessage(Encoding.UTF8.GetBytes(Numbered.Line(1)))));

        await perl.Prints(line => line == Numbered.Line(1), "what was published");
    }

    [SkippableTheory]
    [InlineData("PUSH/PULL", true)]
    [InlineData("PUSH/PULL", false)]
    [InlineData("PUB/SUB", true)]
    [InlineData("PUB/SUB", false)]
    public async Task What_Perl_sends_is_received(string pattern, bool binds)
    {
        Requires.Perl();
        var port = Ports.Free();
        await using ReceivingSocket socket = pattern == "PUSH/PULL" ? new PullSocket(Options(binds, port)) : new SubSocket(Options(binds, port));
        var perl = MessagePass(Wiring.Sending(pattern, !binds, port));

        // What is published before the subscription has come is nobody's.
        var received = NextAsync(socket);
        do await perl.WriteAsync(Numbered.Line(1));
        while (pattern == "PUB/SUB" && await Task.WhenAny(received, Task.Delay(50)) != received);

        Assert.Equal(Numbered.Line(1), await received);
    }

    /// <summary>As NetMQ writes endpoints.</summary>
    private static string Of(bool binds, int port) => $"{(binds ? '@' : '>')}tcp://127.0.0.1:{port}";

    private static ZmtpOptions Options(bool binds, int port)
    {
        var endpoint = $"tcp://127.0.0.1:{port}";
        return new ZmtpOptions { Bind = binds ? [endpoint] : [], Connect = binds ? [] : [endpoint], ReconnectMin = TimeSpan.FromMilliseconds(20), Linger = Peer.Patience };
    }

    private static List<string> Take(NetMQSocket socket)
    {
        var message = new NetMQMessage();
        Assert.True(socket.TryReceiveMultipartMessage(Peer.Patience, ref message), "Nothing came.");
        return [.. message.Select(frame => frame.ConvertToString())];
    }

    private static async Task<string> NextAsync(ReceivingSocket socket)
    {
        using var patience = new CancellationTokenSource(Peer.Patience);
        var message = (await socket.ReceiveAsync(patience.Token))[0];
        return string.Join('|', Enumerable.Range(0, message.FrameCount).Select(i => Encoding.UTF8.GetString(message.FrameAt(i).Span)));
    }
}
