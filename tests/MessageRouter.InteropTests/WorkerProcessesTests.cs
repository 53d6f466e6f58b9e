using System.Text.Json;

namespace MessageRouter.InteropTests;

public sealed class WorkerProcessesTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int CannotOpen = 69, Failed = 70;

    [SkippableFact]
    public async Task A_worker_that_is_killed_is_started_again()
    {
        var node = RunNode(Idle("""sleepers { command = [/bin/sleep, 1000], instances = 2, environment { PATH = /nowhere } }"""));
        var first = (await WorkerProcess.Of(node, "sleepers.1"))[0];
        var other = (await WorkerProcess.Of(node, "sleepers.2"))[0];

        first.Send(Signal.Kill);

        var again = (await WorkerProcess.Of(node, "sleepers.1", 2))[1];
        Assert.True(again.IsAlive);
        Assert.True(other.IsAlive);
        await Says(node, "sleepers.1", "Ended: exit code 137 (SIGKILL) after ");
        await node.Stops();
        Assert.False(again.IsAlive || other.IsAlive);
        Assert.Equal(["exit code 137 (SIGKILL)", null], Processes().Select(process => process.LastError?[..23]));
        Assert.Equal([1, 0], Processes().Select(process => process.Restarts));
    }

    [SkippableFact]
    public async Task What_a_worker_writes_is_passed_on_with_its_name_and_never_mixes_with_messages()
    {
        var node = RunNode(Idle("""
            talkers {
              command = [sh, -c, "echo $MESSAGE_ROUTER_WORKER $MESSAGE_ROUTER_WORKER_NUMBER $MY_KEY; tr '\\000' '\\n' < /proc/$$/environ; yes | head -n 1; pwd >&2; cat; exec sleep 1000"]
              instances = 2, directory = sub, environment { MY_KEY = mine, "a.b-c" = strange }
            }
            """), "sub/empty");

        await Says(node, "talkers.1", "talkers.1 1 mine");
        await Says(node, "talkers.2", "talkers.2 2 mine");
        await Says(node, "talkers.2", "a.b-c=strange");
        await Says(node, "talkers.2", Files["sub"]);
        await node.Stops();
        Assert.Empty(node.Output.Lines);
        Assert.DoesNotContain(node.Errors.Lines, line => line.Contains("Broken pipe", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_worker_is_never_held_up_by_what_it_writes()
    {
        var node = RunNode(Idle("""flooder { command = [sh, -c, "yes | head -c 20000000 >&2; touch done; exec sleep 1000"] }"""));

        await node.Until(() => File.Exists(Files["done"]), "the worker to have written everything");

        await node.Stops();
        Assert.Contains(node.Errors.Lines, line => line.Contains("flooder.1: It wrote too much; lines left out: ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_worker_that_ignores_SIGTERM_is_killed_with_all_that_it_has_started()
    {
        var node = RunNode(Idle("""
            stubborn { command = [sh, -c, "trap '' TERM; sleep 1000 & echo child $!; while :; do sleep 1; done"], stop-timeout = 300ms }
            """));
        var worker = (await WorkerProcess.Of(node, "stubborn.1"))[0];
        var child = await ChildOf(node, "stubborn.1");
        Assert.True(child.IsAlive);

        await node.Stops();

        await Says(node, "stubborn.1", "has not ended within 0.3 s of SIGTERM; killing it.");
        Assert.False(worker.IsAlive);
        await Gone(child);
    }

    [SkippableFact]
    public async Task A_worker_may_finish_its_work_after_SIGTERM()
    {
        var node = RunNode(Idle("""
            careful { command = [sh, -c, "trap 'sleep 0.3; echo finished; exit 0' TERM; echo ready; while :; do sleep 0.1; done"] }
            """));
        await Says(node, "careful.1", "ready");

        await node.Stops();

        await Says(node, "careful.1", "finished");
        await Says(node, "careful.1", "Stopped: exit code 0.");
    }

    [SkippableFact]
    public async Task A_node_that_is_killed_leaves_nothing_of_its_workers()
    {
        Files.Write("inner.conf", Idle("inner { command = [sleep, 1000] }"));
        var node = RunNode(Idle("""
            sleepers { command = [sleep, 1000], instances = 3 }
            nodes { command = [message-router, run, inner.conf] }
            parents { command = [sh, -c, "sleep 1000 & echo child $!; wait"] }
            """));
        WorkerProcess[] workers =
        [
            .. await WorkerProcess.Of(node, "sleepers.1"),
            .. await WorkerProcess.Of(node, "sleepers.2"),
            .. await WorkerProcess.Of(node, "sleepers.3"),
            .. await WorkerProcess.Of(node, "nodes.1"),
            .. await WorkerProcess.Of(node, "inner.1"),
            .. await WorkerProcess.Of(node, "parents.1"),
            await ChildOf(node, "parents.1"),
        ];
        Assert.All(workers, worker => Assert.True(worker.IsAlive));

        node.Send(Signal.Kill);

        foreach (var worker in workers) await Gone(worker);
    }

    [SkippableFact]
    public async Task Workers_survive_a_Ctrl_C_at_the_terminal_until_the_node_has_drained()
    {
        // A terminal sends SIGINT to the whole group; the workers are none of it.
        var node = Started(new Peer(Files.Path, "setsid", ["env", "--default-signal=HUP,INT,TERM", "dotnet", RouterProcess.Command, "run", Files.Write("node.conf", Idle("sleepers { command = [sleep, 1000] }"))]));
        var worker = (await WorkerProcess.Of(node, "sleepers.1"))[0];

        node.SendToGroup(Signal.Interrupt);

        Assert.Equal(0, await node.Exits());
        await Says(node, "sleepers.1", "Stopped: exit code 143 (SIGTERM).");
        Assert.False(worker.IsAlive);
    }

    [SkippableFact]
    public async Task A_command_that_does_not_exist_is_found_before_the_start()
    {
        var node = RunNode(Idle("ghosts { command = [no-such-program] }"));

        Assert.Equal(CannotOpen, await node.Exits());
        Assert.Contains(node.Errors.Lines, line => line == "error: worker processes `ghosts` cannot be started: there is no program `no-such-program` in PATH");
    }

    [SkippableFact]
    public async Task A_worker_that_always_fails_is_given_up_and_the_node_ends_with_a_failure()
    {
        var node = RunNode("""
            router {
              inputs.in { type = stdin, to = out }
              outputs.out { type = stdout }
              workers { command = [sh, -c, "echo no luck >&2; exit 3"], supervision { max-restarts = 2, backoff.min = 10ms } }
            }
            """);
        await Says(node, "workers.1", "Not restarted any more, as its supervision says.");
        await node.WriteAsync("""{"still":"here"}""");
        await node.Prints(line => line == """{"still":"here"}""", "the node to go on");

        node.EndInput();

        Assert.Equal(Failed, await node.Exits());
        Assert.Equal(4, node.Errors.Lines.Count(line => line.EndsWith("workers.1: no luck", StringComparison.Ordinal)));
        Assert.Equal(3, Assert.Single(Processes()).Restarts);
    }

    [SkippableTheory]
    [InlineData("zeromq, socket-type = push")]
    [InlineData("distributor")]
    public async Task A_node_that_distributes_to_workers_of_its_own_loses_nothing_when_it_ends(string output)
    {
        const int count = 50_000;
        var port = Ports.Free();
        Files.Write("worker.conf", $$"""
            router {
              inputs.jobs { type = zeromq, connect = "tcp://127.0.0.1:{{port}}", socket-type = pull, to = done }
              outputs.done { type = file, path = "done."${MESSAGE_ROUTER_WORKER_NUMBER} }
            }
            """);
        var node = RunNode($$"""
            router {
              inputs.lines { type = stdin, to = jobs }
              outputs.jobs { type = {{output}}, bind = "tcp://127.0.0.1:{{port}}", linger = 60s }
              shutdown { drain-timeout = 60s }
              workers { command = [message-router, run, worker.conf], instances = 2, stop-timeout = 60s }
            }
            """);
        var lines = Numbered.Lines(1, count);

        await node.WriteAsync(lines);
        node.EndInput();

        var ledger = await node.Ends();
        Assert.Equal(count, ledger["outputs.jobs"].Out);
        Assert.Equal(lines.Order(StringComparer.Ordinal), Files.Lines("done.1").Concat(Files.Lines("done.2")).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Perl_workers_are_kept_running_and_print_into_the_log()
    {
        Requires.Perl();
        const int count = 1000;
        var port = Ports.Free();
        var arguments = JsonSerializer.Serialize(Wiring.Receiving("PUSH/PULL", binds: false, port).Prepend("message-pass"));
        var node = RunNode($$"""
            router {
              inputs.lines { type = stdin, to = jobs }
              outputs.jobs { type = zeromq, bind = "tcp://127.0.0.1:{{port}}", socket-type = push }
              workers { command = {{arguments}}, instances = 2 }
            }
            """);
        (await WorkerProcess.Of(node, "workers.2"))[0].Send(Signal.Kill);
        await WorkerProcess.Of(node, "workers.2", 2);
        await node.Until(() => Ports.Accepted(port) == 2, "both workers to connect");

        await node.WriteAsync(Numbered.Lines(1, count));

        int Printed(string worker) => node.Errors.Lines.Count(line => line.Contains($" {worker}: {{\"", StringComparison.Ordinal));
        await node.Until(() => Printed("workers.1") + Printed("workers.2") == count, "every message to be printed");
        Assert.All(new[] { Printed("workers.1"), Printed("workers.2") }, share => Assert.InRange(share, 1, count - 1));
        await node.Stops();
    }

    [SkippableFact]
    public async Task A_worker_node_that_hangs_is_killed_and_replaced_and_messages_go_on()
    {
        var port = Ports.Free();
        Files.Write("worker.conf", $$"""
            router {
              inputs.jobs { type = zeromq, connect = "tcp://127.0.0.1:{{port}}", socket-type = pull, delivery = at-least-once, to = done }
              outputs.done { type = file, path = done }
            }
            """);
        var node = RunNode($$"""
            router {
              inputs.lines { type = stdin, to = jobs }
              outputs.jobs { type = distributor, bind = "tcp://127.0.0.1:{{port}}", delivery = at-least-once }
              shutdown { drain-timeout = 60s }
              workers { command = [message-router, run, worker.conf], heartbeat { timeout = 10s }, stop-timeout = 60s }
            }
            """);
        await node.WriteAsync(Numbered.Lines(1, 100));
        await node.Until(() => File.Exists(Files["done"]) && Files.Lines("done").Count() == 100, "the worker to be at work");
        var starts = node.Errors.Lines.Count(line => line.Contains("workers.1: Process ", StringComparison.Ordinal) && line.EndsWith(" started.", StringComparison.Ordinal));
        var hung = (await WorkerProcess.Of(node, "workers.1"))[^1];

        hung.Send(Signal.Stop);
        await node.WriteAsync(Numbered.Lines(101, 100));
        node.EndInput();

        await Says(node, "workers.1", "has given no sign of life for 10 s; killing it.");
        await WorkerProcess.Of(node, "workers.1", starts + 1);
        var ledger = await node.Ends();
        Assert.False(hung.IsAlive);
        Assert.Equal(200, ledger["outputs.jobs"].Out);
        Assert.Equal(Numbered.Lines(1, 200).Order(StringComparer.Ordinal), Files.Lines("done").Distinct().Order(StringComparer.Ordinal));
        Assert.StartsWith("killed, silent for 10 s, after ", Processes()[0].LastError, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_program_that_reports_as_services_of_systemd_do_is_killed_when_it_falls_silent_and_not_before()
    {
        Files.Write("worker.py", """
            import os, socket, sys, time
            to = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            pause = int(os.environ["WATCHDOG_USEC"]) / 4e6
            for n in range(10 ** 6):
                to.sendto(b"STATUS=at work\nWATCHDOG=1", os.environ["NOTIFY_SOCKET"])
                print("sign", n, flush=True)
                time.sleep(pause)
            """);
        var node = RunNode(Idle($$"""python { command = [{{ZmqPeer.Python}}, worker.py], heartbeat { timeout = 3s } }"""));
        await Says(node, "python.1", "sign 6");
        var hung = (await WorkerProcess.Of(node, "python.1"))[^1];
        Assert.True(hung.IsAlive);

        hung.Send(Signal.Stop);

        await Says(node, "python.1", "has given no sign of life for 3 s; killing it.");
        var again = (await WorkerProcess.Of(node, "python.1", 2))[^1];
        await node.Stops();
        Assert.False(hung.IsAlive || again.IsAlive);
    }

    [SkippableFact]
    public async Task A_program_that_never_gives_a_sign_of_life_is_given_up_and_the_log_says_what_is_expected_of_it()
    {
        var node = RunNode(Idle("""mute { command = [sleep, 1000], heartbeat { timeout = 200ms }, supervision { max-restarts = 2, backoff.min = 10ms } }"""));

        await Says(node, "mute.1", "Ended: killed, silent for 0.2 s since its start (is it a program that sends WATCHDOG=1 to NOTIFY_SOCKET?), after ");
        await Says(node, "mute.1", "Not restarted any more, as its supervision says.");

        await node.Stops();
        Assert.Equal(3, Assert.Single(Processes()).Restarts);
    }

    [SkippableFact]
    public async Task Nothing_is_left_of_the_sockets_for_heartbeats_however_the_node_ends()
    {
        var node = RunNode(Idle("""shell { command = [sh, -c, "echo $NOTIFY_SOCKET; exec sleep 1000"], heartbeat { timeout = 1h } }"""));
        var line = await node.Reports(line => line.Contains("shell.1: /", StringComparison.Ordinal), "the worker to name its socket");
        var socket = line[line.LastIndexOf(": /", StringComparison.Ordinal)..][2..];
        Assert.True(File.Exists(socket));

        node.Send(Signal.Kill);

        // The node has ended before it goes, so somebody else waits for it.
        var witness = Started(new Peer(Files.Path, "sleep", ["1000"]));
        await witness.Until(() => !Directory.Exists(Path.GetDirectoryName(socket)), "the folder to go");
    }

    [SkippableFact]
    public async Task The_example_file_runs()
    {
        var (from, to) = (Ports.Free(), Ports.Free());
        foreach (var file in new[] { "worker-processes.conf", "worker.conf" })
        {
            var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "hocon", file));
            Files.Write(file, text.Replace(":5222", $":{from}", StringComparison.Ordinal).Replace(":5223", $":{to}", StringComparison.Ordinal));
        }
        var node = MessageRouter("run", "worker-processes.conf", "--summary-file", "ledger1.json");
        await node.Until(() => Ports.Accepted(to) == 4, "four workers to connect");
        var logger = MessageRouter("--input", "STDIN", "--output", "ZeroMQ", "--output_options", Wiring.Options(binds: false, from));

        await Conversation.Greet(
            logger, () => node.Errors.Lines.Any(line => line.Contains(": {\"level\":\"error\"}", StringComparison.Ordinal)), node, """{"level":"error"}""");

        await node.Stops();
        Assert.Equal(["workers.1", "workers.2", "workers.3", "workers.4"], Processes().Select(process => process.Name));
        Assert.All(Processes(), process => Assert.Equal(("stopped", 0), (process.State, process.Restarts)));
    }

    /// <summary>A node that does nothing but keep workers.</summary>
    private static string Idle(string groups) => $$"""
        router {
          inputs.in { type = zeromq, bind = "tcp://127.0.0.1:0", to = out }
          outputs.out { type = stdout }
          workers {
            {{groups}}
          }
        }
        """;

    private RouterProcess RunNode(string configuration, string file)
    {
        Files.Write(file, "");
        return RunNode(configuration);
    }

    /// <summary>The process that a worker says it has started.</summary>
    private static async Task<WorkerProcess> ChildOf(Peer node, string worker)
    {
        var line = await node.Reports(line => line.Contains($" {worker}: child ", StringComparison.Ordinal), $"{worker} to name its child");
        return new WorkerProcess(int.Parse(line[(line.LastIndexOf(' ') + 1)..]));
    }

    private static Task Says(Peer node, string worker, string words) =>
        node.Reports(line => line.Contains($" {worker}: ", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal), $"{worker}: {words}");

    private static async Task Gone(WorkerProcess process)
    {
        using var patience = new CancellationTokenSource(Peer.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (process.IsAlive) await timer.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>The processes in the node's final ledger.</summary>
    private ProcessLine[] Processes() => JsonDocument.Parse(File.ReadAllText(Files["ledger1.json"])).RootElement.GetProperty("processes")
        .Deserialize<ProcessLine[]>(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower })!;

    private sealed record ProcessLine(string Name, string State, int Restarts, string? LastError);
}
