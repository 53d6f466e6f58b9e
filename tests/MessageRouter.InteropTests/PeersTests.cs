namespace MessageRouter.InteropTests;

/// <summary>What the other tests take for granted about the peers; the product has no part in these.</summary>
public sealed class PeersTests(ITestOutputHelper output) : InteropTest(output)
{
    public static TheoryData<string, string, string> Wirings => Wiring.All();

    [SkippableTheory]
    [MemberData(nameof(Wirings))]
    public async Task Perl_speaks_to_Perl(string pattern, string binds, string first)
    {
        Requires.Perl();
        var port = Ports.Free();
        Peer Send() => MessagePass(Wiring.Sending(pattern, binds == "sender binds", port));
        Peer Receive() => MessagePass(Wiring.Receiving(pattern, binds == "receiver binds", port));

        var (sender, receiver) = Wiring.StartInOrder(Send, Receive, first);
        await Conversation.AssertEveryLineArrives(sender, receiver, pattern);
    }

    [SkippableFact]
    public async Task Perl_loses_the_first_message_that_it_publishes_from_a_bound_socket()
    {
        Requires.Perl();
        var port = Ports.Free();
        var receiver = MessagePass(Wiring.Receiving("PUB/SUB", binds: false, port));
        var sender = MessagePass(Wiring.Sending("PUB/SUB", binds: true, port));

        await sender.WriteAsync("""{"first":1}""");
        await sender.Listens(port);
        await Conversation.AssertEveryLineArrives(sender, receiver, "PUB/SUB", count: 1);

        Assert.DoesNotContain("""{"first":1}""", receiver.Output.Lines);
    }

    [SkippableFact]
    public async Task Perl_reports_a_line_that_is_not_JSON_and_goes_on()
    {
        Requires.Perl();
        var perl = MessagePass("--input", "STDIN", "--output", "STDOUT");

        await perl.WriteAsync("not JSON", Numbered.Line(1));

        await perl.Prints(Numbered.Is, "the good line");
        await perl.Reports(line => line.Contains("\"packed_data\":\"not JSON\"", StringComparison.Ordinal), "the bad line");
    }

    [SkippableFact]
    public async Task Perl_takes_its_worker_by_its_full_name()
    {
        Requires.Perl();
        var port = Ports.Free();
        var worker = MessagePass([.. Wiring.Receiving("PUSH/PULL", binds: true, port), "--filter", "+MyApp::MessageWorker"]);
        var sender = MessagePass(Wiring.Sending("PUSH/PULL", binds: false, port));

        await sender.WriteAsync(Numbered.Line(7));

        await worker.Prints(line => line == "worked on 7", "the work");
    }

    [SkippableFact]
    public async Task Perl_and_libzmq_exchange_messages()
    {
        Requires.Perl();
        Requires.PyZmq();
        var (toPython, toPerl) = (Ports.Free(), Ports.Free());
        var python = Zmq("PULL", "bind", toPython);
        var sender = MessagePass(Wiring.Sending("PUSH/PULL", binds: false, toPython));
        var receiver = MessagePass(Wiring.Receiving("PUSH/PULL", binds: true, toPerl));
        var feeder = Zmq("PUSH", "connect", toPerl);

        await sender.WriteAsync(Numbered.Line(1));
        await feeder.SendAsync(Numbered.Line(2));

        Assert.Equal([Numbered.Line(1)], (await python.Receives(1))[0]);
        await receiver.Prints(line => line == Numbered.Line(2), "the message from Python");
    }

    [SkippableFact]
    public async Task Libzmq_keeps_frames_sizes_and_prefixes()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var publisher = Zmq("XPUB", "bind", port);
        var subscriber = Zmq("SUB", "connect", port, "--subscribe", "a");
        await publisher.IsSubscribed("a");

        await publisher.SendAsync("b", "not this one");
        await publisher.SendAsync("a", "", "käse");
        await publisher.WriteAsync("""["a",{"repeat":"x","times":10485760}]""");

        var messages = await subscriber.Receives(2);
        Assert.Equal(["a", "", "käse"], messages[0]);
        Assert.Equal(["a", ZmqPeer.Shown(Enumerable.Repeat((byte)'x', 10485760).ToArray())], messages[1]);
    }

    [SkippableFact]
    public async Task Libzmq_floods_until_nobody_takes_more()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var puller = Zmq("PULL", "bind", port, "--quiet", "--hwm", "10");
        var pusher = Zmq("PUSH", "connect", port, "--hwm", "10");
        await pusher.IsConnected();

        puller.Send(Signal.Stop);
        var sent = await pusher.FloodUntilFullAsync(100_000, size: 1000);
        puller.Send(Signal.Continue);

        Assert.InRange(sent, 10, 99_999);
        await puller.HasReceived(sent);
    }

    [SkippableFact]
    public async Task A_hundred_publishers_reach_one_subscriber()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var subscriber = Zmq("SUB", "bind", port);
        var publishers = ZmqScript("publishers.py", $"tcp://127.0.0.1:{port}", "100", "10");

        await publishers.Reports(line => line == "ready", "every publisher to have a subscriber");
        await publishers.WriteAsync("go");

        Assert.Equal(1000, (await subscriber.Receives(1000)).Select(frames => frames[0]).Distinct().Count());
    }

    [SkippableFact]
    public async Task An_intruder_that_behaves_is_a_peer()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var puller = Zmq("PULL", "bind", port);
        await puller.Listens(port);
        using var intruder = await Intruder.Connect(port);

        await intruder.Handshake("PUSH");
        await intruder.Send(Intruder.LongFrame(300), new byte[300]);

        Assert.Equal([ZmqPeer.Shown(new byte[300])], (await puller.Receives(1))[0]);
    }

    [SkippableFact]
    public async Task Libzmq_throws_an_intruder_out()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var puller = Zmq("PULL", "bind", port);
        await puller.Listens(port);
        using var intruder = await Intruder.Connect(port);

        await intruder.Greet();
        await intruder.Send(Intruder.ReadyClaiming(uint.MaxValue));

        await intruder.IsThrownOut();
    }

    [SkippableFact]
    public async Task A_peer_that_ends_gives_its_exit_code()
    {
        Requires.Perl();
        var perl = MessagePass("--input", "STDIN", "--output", "STDOUT");
        perl.EndInput();
        Assert.Equal(0, await perl.Exits());

        var stopped = MessagePass("--input", "Null", "--output", "STDOUT");
        Assert.True(stopped.PeakMemory > 0);
        stopped.Send(Signal.Terminate);
        Assert.Equal(128 + (int)Signal.Terminate, await stopped.Exits());
    }}
