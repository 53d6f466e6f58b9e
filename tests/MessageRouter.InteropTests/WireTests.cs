using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.InteropTests;

/// <summary>The sockets of the wire against libzmq's, over TCP and Unix domain sockets, whichever side binds.</summary>
public sealed class WireTests(ITestOutputHelper output) : InteropTest(output)
{
    public static TheoryData<string, bool> Ways => new() { { "tcp", true }, { "tcp", false }, { "ipc", true }, { "ipc", false } };

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task What_is_pushed_comes_to_libzmq_s_puller(string transport, bool binds)
    {
        Requires.PyZmq();
        var endpoint = Endpoint(transport);
        var puller = ZmqScript("peer.py", "PULL", Other(binds), endpoint);
        await using var push = new PushSocket(Options(endpoint, binds));

        await push.SendAsync(ZmtpMessage.Of("a"u8.ToArray(), Array.Empty<byte>(), "c"u8.ToArray()));
        await push.SendAsync(new ZmtpMessage("alone"u8.ToArray()));

        Assert.Equal([["a", "", "c"], ["alone"]], await puller.Receives(2));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task What_libzmq_pushes_is_pulled(string transport, bool binds)
    {
        Requires.PyZmq();
        var endpoint = Endpoint(transport);
        await using var pull = new PullSocket(Options(endpoint, binds));
        var pusher = ZmqScript("peer.py", "PUSH", Other(binds), endpoint);

        await pusher.SendAsync("", "b");
        await pusher.SendAsync("alone");

        Assert.Equal(["|b", "alone"], await Receive(pull, 2));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task What_is_published_comes_to_libzmq_s_subscriber(string transport, bool binds)
    {
        Requires.PyZmq();
        var endpoint = Endpoint(transport);
        await using var pub = new PubSocket(Options(endpoint, binds));
        var subscriber = ZmqScript("peer.py", "SUB", Other(binds), endpoint, "--subscribe", "yes");
        await pub.WaitForSubscriberAsync().WaitAsync(Peer.Patience);

        Assert.False(pub.Send(new ZmtpMessage("no"u8.ToArray())));
        Assert.True(pub.Send(new ZmtpMessage("yes 1"u8.ToArray())));

        Assert.Equal([["yes 1"]], await subscriber.Receives(1));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task What_libzmq_publishes_comes_to_who_subscribes(string transport, bool binds)
    {
        Requires.PyZmq();
        var endpoint = Endpoint(transport);
        await using var sub = new SubSocket(Options(endpoint, binds), "yes");
        var publisher = ZmqScript("peer.py", "XPUB", Other(binds), endpoint);
        await publisher.IsSubscribed("yes");

        await publisher.SendAsync("no");
        await publisher.SendAsync("yes 1");

        Assert.Equal(["yes 1"], await Receive(sub, 1));
    }

    [SkippableFact]
    public async Task A_node_s_unix_domain_sockets_are_those_of_libzmq()
    {
        Requires.PyZmq();
        var receiver = ZmqScript("peer.py", "PULL", "bind", $"ipc://{Files["to"]}");
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "ipc://{{Files["from"]}}", socket-type = pull, decode = bytes, to = [out] }
              outputs.out { type = zeromq, connect = "ipc://{{Files["to"]}}", socket-type = push, encode = bytes }
            }
            """);
        await router.Until(() => File.Exists(Files["from"]), "the node's socket");
        var sender = ZmqScript("peer.py", "PUSH", "connect", $"ipc://{Files["from"]}");

        await sender.SendAsync("route", "", "body");

        Assert.Equal([["route", "", "body"]], await receiver.Receives(1));
        Assert.Equal(1, (await router.Stops())["outputs.out"].Out);
        Assert.False(File.Exists(Files["from"]));
    }

    private static string Other(bool binds) => binds ? "connect" : "bind";

    private string Endpoint(string transport) => transport == "tcp" ? $"tcp://127.0.0.1:{Ports.Free()}" : $"ipc://{Files["socket"]}";

    private static ZmtpOptions Options(string endpoint, bool binds) =>
        new() { Bind = binds ? [endpoint] : [], Connect = binds ? [] : [endpoint], ReconnectMin = TimeSpan.FromMilliseconds(20), Linger = Peer.Patience };

    private static async Task<List<string>> Receive(ReceivingSocket socket, int count)
    {
        using var patience = new CancellationTokenSource(Peer.Patience);
        var texts = new List<string>();
        while (texts.Count < count)
        {
            foreach (var message in await socket.ReceiveAsync(patience.Token))
                texts.Add(string.Join('|', Enumerable.Range(0, message.FrameCount).Select(i => Encoding.UTF8.GetString(message.FrameAt(i).Span))));
        }
        return texts;
    }
}
