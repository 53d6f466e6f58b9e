namespace MessageRouter.InteropTests;

public sealed class ShutdownTests(ITestOutputHelper output) : InteropTest(output)
{
    /// <summary>Room for everything of these tests, and time: a stopped worker is started again within it.</summary>
    private const string Unhurried = "shutdown { drain-timeout = 60s }, mailbox { capacity = 1000, overflow = wait }";

    public static TheoryData<int> Signals => [(int)Signal.Terminate, (int)Signal.Interrupt];

    [SkippableTheory]
    [MemberData(nameof(Signals))]
    public async Task A_signal_ends_an_idle_node(int signal)
    {
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", to = [out] }
              outputs.out { type = stdout }
            }
            """);
        await router.Listens(port);

        await router.Stops((Signal)signal);
    }

    [SkippableTheory]
    [MemberData(nameof(Signals))]
    public async Task Everything_taken_in_before_a_signal_is_delivered(int signal)
    {
        Requires.PyZmq();
        var (from, to) = (Ports.Free(), Ports.Free());
        var worker = Zmq("PULL", "bind", to, "--quiet", "--hwm", "10");
        var router = RunNode($$"""
            router {
              {{Unhurried}}
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, to = [out] }
              outputs.out { type = zeromq, connect = "tcp://127.0.0.1:{{to}}", socket-type = push, high-water-mark = 100, linger = 60s }
            }
            """);
        await worker.IsConnected();
        worker.Send(Signal.Stop);
        var sender = Zmq("PUSH", "connect", from, "--hwm", "10");
        await sender.IsConnected();
        var taken = await sender.FloodUntilFullAsync(200_000, size: 1000);

        router.Send((Signal)signal);
        await router.Until(() => !Ports.IsOpen(from), "the input to close");
        worker.Send(Signal.Continue);

        var ledger = await router.Ends();
        Assert.InRange(ledger["inputs.in"].In, 1000, taken);
        Assert.Equal(ledger["inputs.in"].In, ledger["outputs.out"].Out);
        await worker.HasReceived((int)ledger["outputs.out"].Out);
    }

    [SkippableFact]
    public async Task Everything_that_a_quiet_peer_has_sent_is_in_the_file_after_a_signal()
    {
        Requires.PyZmq();
        const int sent = 50_000;
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);
        var sender = Zmq("PUSH", "connect", port);
        await sender.FloodAsync(sent);
        await router.Until(() => Files.Lines("out.log").Count() == sent, "every message");

        var ledger = await router.Stops();

        Assert.Equal(sent, ledger["outputs.out"].Out);
        Assert.Equal(Numbered.Lines(1, sent), Files.Lines("out.log"));
    }

    [SkippableFact]
    public async Task A_signal_in_the_middle_of_a_flood_loses_nothing_that_was_taken_in()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var router = RunNode($$"""
            router {
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = [out] }
              outputs.out { type = file, path = out.log }
            }
            """);
        var sender = Zmq("PUSH", "connect", port);
        await sender.FloodAsync(5_000_000, size: 200);
        await router.Until(() => Files.Lines("out.log").Skip(1000).Any(), "the flood to come in");

        var ledger = await router.Stops();

        var written = Files.Lines("out.log").Count();
        Assert.Equal(ledger["outputs.out"].Out, written);
        Assert.Equal(ledger["inputs.in"].In, written);
    }

    [SkippableFact]
    public async Task A_second_signal_ends_a_drain_at_once()
    {
        Requires.PyZmq();
        var (router, from) = await StuckNode(drainTimeout: "300s");

        router.Send(Signal.Terminate);
        await router.Until(() => !Ports.IsOpen(from), "the input to close");

        // A second signal right behind the first counts as the same one, as `timeout` sends it.
        await router.Reports(line => line.Contains("messages left", StringComparison.Ordinal), "the node to say that it drains");
        router.Send(Signal.Terminate);

        Assert.NotEqual(0, await router.Exits(TimeSpan.FromSeconds(20)));
    }

    [SkippableFact]
    public async Task A_drain_that_runs_out_of_time_is_said_and_counted()
    {
        Requires.PyZmq();
        var (router, _) = await StuckNode(drainTimeout: "1s");

        router.Send(Signal.Terminate);

        Assert.Equal(75, await router.Exits());
        var ledger = router.FinalLedger();
        ledger.AssertBalanced();
        Assert.Equal(0, ledger["outputs.out"].Queued);
        Assert.True(ledger["outputs.out"].DroppedInAll > 0, $"Nothing was counted as dropped: {ledger["outputs.out"]}");
    }

    [SkippableFact]
    public async Task The_end_of_input_ends_the_program_after_every_line_is_delivered()
    {
        Requires.PyZmq();
        const int lines = 100_000;
        var port = Ports.Free();
        var worker = Zmq("PULL", "bind", port, "--quiet");
        var router = MessageRouter("pass", "--input", "STDIN", "--output", "ZeroMQ", "--output-options", Wiring.Options(binds: false, port, "PUSH"));

        await router.WriteAsync(Numbered.Lines(1, lines));
        router.EndInput();

        Assert.Equal(0, await router.Exits());
        await worker.HasReceived(lines);
    }

    [SkippableFact]
    public async Task The_end_of_input_ends_a_pipe_through_the_program()
    {
        var router = MessageRouter("pass", "--input", "STDIN", "--output", "STDOUT");

        await router.WriteAsync(Numbered.Lines(1, 10_000));
        router.EndInput();

        Assert.Equal(0, await router.Exits());
        Assert.Equal(Numbered.Lines(1, 10_000), router.Output.Lines);
    }

    [SkippableFact]
    public async Task A_reader_that_closes_the_pipe_ends_the_program()
    {
        var line = Numbered.Line(1);
        var pipe = Started(new Peer(Files.Path, "bash", ["-c", $$"""
            yes '{{line}}' | dotnet '{{RouterProcess.Command}}' --input STDIN --output STDOUT --summary-file ledger.json | head -1
            exit ${PIPESTATUS[1]}
            """]));

        Assert.Equal(70, await pipe.Exits());
        Assert.Equal([line], pipe.Output.Lines);
        var ledger = Support.Ledger.Parse(File.ReadAllText(Files["ledger.json"]));
        ledger.AssertBalanced();
        Assert.True(ledger["outputs.output"].Dropped["stopped"] > 0, $"Nothing was counted as dropped: {ledger["outputs.output"]}");
    }

    /// <summary>A node that has taken messages in and cannot get rid of them, since no worker is there.</summary>
    private async Task<(RouterProcess Router, int From)> StuckNode(string drainTimeout)
    {
        var (from, to) = (Ports.Free(), Ports.Free());
        var router = RunNode($$"""
            router {
              shutdown { drain-timeout = {{drainTimeout}} }
              mailbox { overflow = wait }
              inputs.in { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = pull, to = [out] }
              outputs.out { type = zeromq, bind = "tcp://127.0.0.1:{{to}}", socket-type = push }
            }
            """);
        await router.Listens(from);
        var sender = Zmq("PUSH", "connect", from, "--hwm", "10");
        await sender.IsConnected();
        await sender.FloodUntilFullAsync(5_000, size: 1000);
        return (router, from);
    }
}
