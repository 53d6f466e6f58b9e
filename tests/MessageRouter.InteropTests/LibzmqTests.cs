namespace MessageRouter.InteropTests;

/// <summary>Messages, frames and subscriptions against libzmq, by each of the two engines.</summary>
public sealed class LibzmqTests(ITestOutputHelper output) : InteropTest(output)
{
    public static TheoryData<string> Engines => [.. Wiring.Engines];

    /// <summary>What libzmq does, what the router does, and by which engine.</summary>
    public static TheoryData<string, string, string> Sides
    {
        get
        {
            var sides = new TheoryData<string, string, string>();
            foreach (var engine in Wiring.Engines)
            {
                sides.Add("bind", "connect", engine);
                sides.Add("connect", "bind", engine);
            }
            return sides;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public async Task A_multipart_message_keeps_all_its_frames_in_order(string engine)
    {
        var (sender, receiver) = await ThroughARouter(engine);

        await sender.SendAsync("route", "header", "body");
        await sender.SendAsync("route", "header", "body", "tail");

        Assert.Equal([["route", "header", "body"], ["route", "header", "body", "tail"]], await receiver.Receives(2));
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public async Task Empty_frames_are_frames(string engine)
    {
        var (sender, receiver) = await ThroughARouter(engine);

        await sender.SendAsync("", "a", "", "b", "");
        await sender.SendAsync("");

        Assert.Equal([["", "a", "", "b", ""], [""]], await receiver.Receives(2));
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public async Task Bytes_that_are_no_text_stay_as_they_are(string engine)
    {
        var (sender, receiver) = await ThroughARouter(engine);

        await sender.WriteAsync("""[{"hex":"00ff80"},{"hex":"fe0d0a00"}]""");

        Assert.Equal(["hex:00ff80", "hex:fe0d0a00"], (await receiver.Receives(1))[0]);
    }

    public static TheoryData<int, string> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, string>();
            foreach (var size in (int[])[1, 255, 256, 8192, 10 * 1024 * 1024])
            {
                foreach (var engine in Wiring.Engines) sizes.Add(size, engine);
            }
            return sizes;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public async Task A_message_of_any_size_arrives_whole(int size, string engine)
    {
        var (sender, receiver) = await ThroughARouter(engine);
        var sent = new byte[size];
        Array.Fill(sent, (byte)'x');

        await sender.SendLargeAsync(size);

        Assert.Equal([ZmqPeer.Shown(sent)], (await receiver.Receives(1))[0]);
    }

    [SkippableTheory]
    [MemberData(nameof(Sides))]
    public async Task The_router_subscribes_to_its_prefixes_only(string publisherSide, string routerSide, string engine)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var publisher = Zmq("XPUB", publisherSide, port);
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, engine = {{engine}}, {{routerSide}} = "tcp://127.0.0.1:{{port}}", subscribe = ["alerts.", "audit"], decode = text, to = [out] }
              outputs.out { type = stdout, encode = text }
            }
            """);
        await publisher.IsSubscribed("alerts.");
        await publisher.IsSubscribed("audit");

        foreach (var topic in new[] { "alerts.1", "alert", "audit", "news", "alerts.2" })
        {
            await publisher.SendAsync(topic);
        }

        Assert.Equal(["alerts.1", "audit", "alerts.2"], await router.Prints(_ => true, 3, "three messages"));
        var ledger = await router.Stops();
        Assert.Equal(3, ledger["inputs.in"].In);
    }

    [SkippableTheory]
    [MemberData(nameof(Sides))]
    public async Task The_router_publishes_to_a_subscriber_what_it_subscribed_to(string subscriberSide, string routerSide, string engine)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var subscriber = Zmq("SUB", subscriberSide, port, "--subscribe", "alerts.", "--subscribe", "audit");
        var router = RunNode($$"""
            router {
              inputs.in { type = stdin, decode = text, to = [out] }
              outputs.out { type = zeromq, engine = {{engine}}, {{routerSide}} = "tcp://127.0.0.1:{{port}}", encode = text, subscribe-delay = 20s }
            }
            """);

        await router.WriteAsync("alerts.1", "alert", "audit", "news", "alerts.2");

        Assert.Equal([["alerts.1"], ["audit"], ["alerts.2"]], await subscriber.Receives(3));
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public async Task The_first_frame_is_what_a_subscription_looks_at(string engine)
    {
        Requires.PyZmq();
        var (from, to) = (Ports.Free(), Ports.Free());
        var publisher = Zmq("XPUB", "bind", from);
        var subscriber = Zmq("SUB", "connect", to, "--subscribe", "red");
        RunNode($$"""
            router {
              inputs.in { type = zeromq, engine = {{engine}}, connect = "tcp://127.0.0.1:{{from}}", subscribe = ["red", "blue"], decode = bytes, to = [out] }
              outputs.out { type = zeromq, engine = {{engine}}, bind = "tcp://127.0.0.1:{{to}}", encode = bytes, subscribe-delay = 20s }
            }
            """);
        await publisher.IsSubscribed("blue");

        await publisher.SendAsync("blue", "red");
        await publisher.SendAsync("green", "red");
        await publisher.SendAsync("red", "blue");

        Assert.Equal(["red", "blue"], (await subscriber.Receives(1))[0]);
    }

    [SkippableFact]
    public async Task A_hundred_publishers_are_heard_in_full()
    {
        Requires.PyZmq();
        const int publishers = 100, each = 50;
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);
        var logging = ZmqScript("publishers.py", $"tcp://127.0.0.1:{port}", $"{publishers}", $"{each}");
        await logging.Reports(line => line == "ready", "every publisher to have a subscriber");

        await logging.WriteAsync("go");
        await router.Until(() => Files.Lines("out.log").Count() >= publishers * each, "every message");

        Assert.Equal(publishers * each, Files.Lines("out.log").Distinct().Count());
        var ledger = await router.Stops();
        Assert.Equal(publishers * each, ledger["inputs.in"].In);
    }

    [SkippableTheory]
    [MemberData(nameof(Sides))]
    public async Task A_waiting_subscriber_gets_the_very_first_message(string subscriberSide, string routerSide, string engine)
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var subscriber = Zmq("SUB", subscriberSide, port);
        var router = RunNode($$"""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = zeromq, engine = {{engine}}, {{routerSide}} = "tcp://127.0.0.1:{{port}}", subscribe-delay = 20s }
            }
            """);

        await router.WriteAsync(Numbered.Lines(1, 100));

        Assert.Equal(Numbered.Lines(1, 100).Select(line => new[] { line }), await subscriber.Receives(100));
        router.EndInput();
        var ledger = await router.Ends();
        Assert.Equal(100, ledger["outputs.out"].Out);
    }

    [SkippableFact]
    public async Task Without_a_subscriber_messages_are_dropped_and_counted()
    {
        var router = RunNode("""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = zeromq, bind = "tcp://127.0.0.1:0", subscribe-delay = 10ms }
            }
            """);

        await router.WriteAsync(Numbered.Lines(1, 100));
        router.EndInput();

        Assert.Equal(74, await router.Exits());
        var ledger = router.FinalLedger();
        ledger.AssertBalanced();
        Assert.Equal(100, ledger["outputs.out"].Dropped["no-subscriber"]);
    }

    [SkippableFact]
    public async Task A_port_that_the_system_picks_is_named()
    {
        Requires.PyZmq();
        var router = RunNode("""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:0", socket-type = pull, to = [out] }
              outputs.out { type = stdout }
            }
            """);
        var endpoint = await router.NamesEndpoint();

        var sender = Zmq("PUSH", "connect", endpoint.Port);
        await sender.SendAsync(Numbered.Line(1));

        await router.Prints(line => line == Numbered.Line(1), "the message");
        var ledger = await router.Stops();
        Assert.Equal(endpoint, new Uri(Assert.Single(ledger["inputs.in"].Endpoints!)));
    }

    /// <summary>A libzmq PUSH, a router that only looks at bytes, and a libzmq PULL.</summary>
    private async Task<(ZmqPeer Sender, ZmqPeer Receiver)> ThroughARouter(string engine)
    {
        Requires.PyZmq();
        var (from, to) = (Ports.Free(), Ports.Free());
        var receiver = Zmq("PULL", "bind", to);
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, engine = {{engine}}, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, decode = bytes, to = [out] }
              outputs.out { type = zeromq, engine = {{engine}}, connect = "tcp://127.0.0.1:{{to}}", socket-type = push, encode = bytes }
            }
            """);
        await router.Listens(from);
        return (Zmq("PUSH", "connect", from), receiver);
    }
}
