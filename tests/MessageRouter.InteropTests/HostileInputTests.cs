using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.InteropTests;

/// <summary>What reaches an open port beside the honest peers.</summary>
public sealed class HostileInputTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Messages = 500;

    public static TheoryData<string> Attacks =>
    [
        "random bytes", "an HTTP request", "half-open connections", "half a greeting",
        "a message announcing 2 GB", "an old message announcing 2 GB", "an endless old message", "a connection reset", "a property of 4 GB", "an empty command",
    ];

    [SkippableTheory]
    [MemberData(nameof(Attacks))]
    public async Task An_intruder_costs_the_honest_peers_nothing(string attack)
    {
        Requires.PyZmq();
        Requires.Perl();
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);
        await router.Listens(port);
        var python = Zmq("PUSH", "connect", port);
        var perl = MessagePass(Wiring.Sending("PUSH/PULL", binds: false, port));

        await python.FloodAsync(Messages);
        var intruders = await Intrude(attack, port);
        await python.FloodAsync(Messages);
        await perl.WriteAsync(Enumerable.Range(1, Messages).Select(FromPerl));

        string[] arrived = [];
        await router.Until(
            () =>
            {
                arrived = [.. Files.Lines("out.log")];
                return arrived.Count(Numbered.Is) == 2 * Messages && arrived.Count(IsFromPerl) == Messages;
            },
            "every honest message");
        Assert.Equal([.. Numbered.Lines(1, Messages), .. Numbered.Lines(1, Messages)], arrived.Where(Numbered.Is));
        Assert.Equal(Enumerable.Range(1, Messages).Select(FromPerl), arrived.Where(IsFromPerl));
        Assert.True(router.PeakMemory < 500_000_000, $"The node grew to {router.PeakMemory:N0} bytes.");

        var ledger = await router.Stops();
        Assert.Equal(arrived.Length, ledger["outputs.out"].Out);
        foreach (var intruder in intruders)
        {
            intruder.Dispose();
        }
    }

    /// <summary>More connections than there are descriptors for: they wait in the system's queue, and what is open goes on.</summary>
    [SkippableFact]
    public async Task A_node_without_a_descriptor_left_serves_whom_it_has_and_others_when_there_is_room()
    {
        const int connections = 400;
        var port = Ports.Free();
        Files.Write("node.conf", $$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log, flush-interval = 0s }
            }
            """);
        var router = Started(new Peer(Files.Path, "bash", ["-c", $"ulimit -n 300; exec dotnet '{RouterProcess.Command}' run node.conf --summary-file ledger.json"]));
        await router.Listens(port);
        await using var honest = new EnginePeers(PeerSocketType.Push, binds: false, port);
        var peer = await honest.Next();
        peer.Send(MessageBatch.Of(Message.FromJson(Numbered.Line(1))));
        await router.Until(() => Files.Lines("out.log").Any(), "the first message");

        var intruders = new List<Intruder>();
        for (var i = 0; i < connections; i++) intruders.Add(await Intruder.Connect(port));
        await router.Reports(line => line.Contains("could not be accepted", StringComparison.Ordinal), "the node to say that it has no descriptor left");
        peer.Send(MessageBatch.Of(Message.FromJson(Numbered.Line(2))));
        await router.Until(() => Files.Lines("out.log").Count() == 2, "a message while there is no descriptor left");

        foreach (var intruder in intruders) intruder.Dispose();
        await using var late = new EnginePeers(PeerSocketType.Push, binds: false, port);
        (await late.Next()).Send(MessageBatch.Of(Message.FromJson(Numbered.Line(3))));
        await router.Until(() => Files.Lines("out.log").Count() == 3, "a message of who could not come in before");
        router.Send(Signal.Terminate);
        Assert.Equal(0, await router.Exits());
        Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"])).AssertBalanced();
    }

    [SkippableTheory]
    [InlineData("a message announcing 2 GB")]
    [InlineData("an old message announcing 2 GB")]
    public async Task Who_announces_more_than_the_limit_is_thrown_out(string attack)
    {
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, max-message-size = 1MiB, to = [out] }
              outputs.out { type = "null" }
            }
            """);
        await router.Listens(port);

        using var intruder = Assert.Single(await Intrude(attack, port));

        await intruder.IsThrownOut();
        await router.Stops();
    }

    [SkippableFact]
    public async Task A_subscription_of_a_hundred_thousand_bytes_costs_the_other_subscribers_nothing()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", subscribe-delay = 20s }
            }
            """);
        await router.Listens(port);
        var subscriber = Zmq("SUB", "connect", port);
        await subscriber.IsConnected();
        using var intruder = await Intruder.Connect(port);

        await intruder.Handshake("SUB");
        await intruder.Send(Intruder.LongFrame(100_001), [1], new byte[100_000], Intruder.SubscriptionToEverything);
        await router.WriteAsync(Numbered.Lines(1, Messages));
        await intruder.IsServedOrThrownOut();
        await router.WriteAsync(Numbered.Lines(1, Messages));

        Assert.Equal(
            [.. Numbered.Lines(1, Messages), .. Numbered.Lines(1, Messages)],
            (await subscriber.Receives(2 * Messages)).Select(frames => frames[0]));
        router.EndInput();
        await router.Ends();
    }

    /// <summary>
    /// Input that NetMQ does not survive. A node that uses it cannot go on, so it has to end in order: with the exit code for
    /// an internal error, the reason, and its account of the messages.
    /// </summary>
    [SkippableTheory]
    [InlineData("a property of 4 GB")]
    [InlineData("an empty command")]
    public async Task A_node_that_cannot_go_on_says_why_and_leaves_its_ledger(string attack)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, engine = netmq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);
        await router.Listens(port);
        var sender = Zmq("PUSH", "connect", port);
        await sender.FloodAsync(Messages);
        await router.Until(() => Files.Lines("out.log").Count() == Messages, "the honest messages");
        using var intruder = Assert.Single(await Intrude(attack, port));

        Assert.Equal(70, await router.Exits());
        Assert.Contains(router.Errors.Lines, line => line.Contains("zeromq", StringComparison.OrdinalIgnoreCase));
        var ledger = router.FinalLedger();
        ledger.AssertBalanced();
        Assert.Equal(Messages, ledger["outputs.out"].Out);
        Assert.Equal(Messages, Files.Lines("out.log").Count());
    }

    private static string FromPerl(int n) => $$"""{"perl":{{n}}}""";

    private static bool IsFromPerl(string line) => line.StartsWith("""{"perl":""", StringComparison.Ordinal);

    private static async Task<Intruder[]> Intrude(string attack, int port)
    {
        const ulong twoGigabytes = int.MaxValue;
        var random = new byte[150];
        new Random(1).NextBytes(random);
        return attack switch
        {
            "random bytes" => [await Say(random), await Say([.. random.Reverse()]), await Say([.. random, .. random])],
            "an HTTP request" => [await Say([.. "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"u8])],
            "half-open connections" => await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Say())),
            "half a greeting" => [await Say(Intruder.Greeting[..20])],
            "a message announcing 2 GB" => [await Announce()],
            "an old message announcing 2 GB" => [await Say(Intruder.OldLongFrame(twoGigabytes))],
            "an endless old message" => [await Say(Intruder.OldLongFrame(ulong.MaxValue))],
            "a connection reset" => [await Reset()],
            "a property of 4 GB" => [await Claim()],
            "an empty command" => [await Command()],
            _ => throw new ArgumentOutOfRangeException(nameof(attack), attack, "An attack that nobody has written."),
        };

        async Task<Intruder> Say(params byte[][] parts)
        {
            var intruder = await Intruder.Connect(port);
            await intruder.Send(parts);
            return intruder;
        }

        async Task<Intruder> Announce()
        {
            var intruder = await Intruder.Connect(port);
            await intruder.Handshake("PUSH");
            await intruder.Send(Intruder.LongFrame(twoGigabytes));
            return intruder;
        }

        async Task<Intruder> Claim()
        {
            var intruder = await Intruder.Connect(port);
            await intruder.Greet();
            await intruder.Send(Intruder.ReadyClaiming(uint.MaxValue));
            return intruder;
        }

        async Task<Intruder> Command()
        {
            var intruder = await Intruder.Connect(port);
            await intruder.Handshake("PUSH");
            await intruder.Send([0x04, 0x00]);
            return intruder;
        }

        async Task<Intruder> Reset()
        {
            var intruder = await Say(Intruder.Greeting);
            intruder.Reset();
            return intruder;
        }
    }
}
