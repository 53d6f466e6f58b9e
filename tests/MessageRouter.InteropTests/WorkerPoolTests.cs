using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests;

/// <summary>A distributor and its workers, each a process of its own. MESSAGE_ROUTER_VOLUME scales how many messages there are.</summary>
[Collection(nameof(VolumeTests))]
public sealed partial class WorkerPoolTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Greeting = """["{\"n\":\"hello\"}"]""";

    private const string RestartAlways = "max-restarts = 100000, backoff { min = 1ms, max = 1ms }";

    private static readonly int Volume =
        int.TryParse(Environment.GetEnvironmentVariable("MESSAGE_ROUTER_VOLUME"), out var volume) ? volume : 5_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <remarks>Perl is slower than the router: a queue for everything keeps it from being passed over.</remarks>
    [SkippableFact]
    public async Task Two_Perl_workers_and_two_of_the_router_with_a_custom_filter_get_shares_that_are_even_to_within_one()
    {
        Requires.Perl();
        Requires.PyZmq();
        var count = Volume / 5;
        var (from, to) = (Ports.Free(), Ports.Free());
        var distributor = RunNode($$"""
            router {
              inputs.logs { type = zeromq, bind = "tcp://127.0.0.1:{{from}}", socket-type = sub, high-water-mark = 0, to = work, mailbox { capacity = 10000000 } }
              outputs.work { type = distributor, bind = "tcp://127.0.0.1:{{to}}", queue = 10000000, mailbox { capacity = 10000000 } }
              shutdown { drain-timeout = 5m }
            }
            """);
        await distributor.Listens(from);
        await distributor.Listens(to);
        Peer[] workers = [Filtering(to), MessagePass(Wiring.Receiving("PUSH/PULL", binds: false, to)), Filtering(to), MessagePass(Wiring.Receiving("PUSH/PULL", binds: false, to))];
        var publisher = Zmq("XPUB", "connect", from, "--quiet", "--hwm", "0");
        await publisher.IsSubscribed();
        foreach (var worker in workers) await Conversation.Greet(publisher, () => worker.Output.Lines.Length > 0, distributor, Greeting);

        await publisher.FloodAsync(count);
        await publisher.Reports(line => line == $"sent {count}", "the flood to end", Patience);
        string[][] Done() => [.. workers.Select(worker => worker.Output.Lines.Select(Number).OfType<string>().ToArray())];
        await distributor.Until(() => Done().Sum(share => share.Length) >= count, "every message to be worked on", Patience);
        var ledger = await distributor.Stops(Signal.Terminate, Patience);

        var shares = Done();
        Assert.Equal(count, shares.SelectMany(share => share).Distinct().Count());
        Assert.Equal(count, shares.Sum(share => share.Length));
        Assert.InRange(shares.Max(share => share.Length) - shares.Min(share => share.Length), 0, 1);
        Assert.Equal(ledger["inputs.logs"].In, ledger["outputs.work"].Out);
        Assert.Equal(ledger["outputs.work"].Out, ledger["outputs.work"].Workers!.Sum(worker => worker.Out));
        Assert.All(ledger["outputs.work"].Workers!, worker => Assert.Equal(0, worker.Unknown));
    }

    /// <summary>A worker that is stopped hangs, until it goes on a while later; one that is killed is started again by the node.</summary>
    [SkippableTheory]
    [InlineData(Signal.Kill)]
    [InlineData(Signal.Stop)]
    internal async Task At_least_once_every_message_is_worked_on_while_random_workers_get_a_signal_again_and_again(Signal signal)
    {
        var count = Volume / 25;
        var to = Ports.Free();
        Files.Write("pool-worker.conf", Worker(to));
        var node = RunNode(Distributor(to, "heartbeat { interval = 200ms, timeout = 1s }"));
        await node.Starts();
        await HasWorkers(to, node);

        using var over = new CancellationTokenSource();
        var size = Numbered.Lines(1, count).Sum(line => line.Length + 1);
        var killing = HitAsync(node, signal, TimeSpan.FromMilliseconds(200), size / 50, over.Token);
        await node.WriteAsync(Numbered.Lines(1, count)).WaitAsync(Patience);
        await node.Until(() => SizeOfDone() >= size && Processed() >= count, "every message to be worked on", Patience);
        await over.CancelAsync();
        var hits = await killing;
        node.EndInput();
        var ledger = await node.Ends(Patience);

        AssertEachIsThere(count);
        var work = ledger["outputs.work"];
        Assert.Equal((count, count, 0L), (work.In, work.Out, work.DroppedInAll));
        Assert.True(hits > 0 && work.Workers!.Sum(worker => worker.Redelivered) > 0, $"{hits} workers were hit; {work}");
    }

    [SkippableFact]
    public async Task At_least_once_a_message_on_which_a_worker_throws_now_and_then_is_worked_on_all_the_same()
    {
        var count = Volume / 25;
        var to = Ports.Free();
        Files.Write("pool-worker.conf", Worker(to, filter: """Random.Shared.Next(1000) != 0 ? true : throw new System.InvalidOperationException("bad luck")"""));
        var node = RunNode(Distributor(to, "max-deliveries = 20"));
        await node.Starts();

        await node.WriteAsync(Numbered.Lines(1, count));
        node.EndInput();
        var ledger = await node.Ends(Patience);

        AssertEachIsThere(count);
        var work = ledger["outputs.work"];
        Assert.Equal((count, count, 0L), (work.In, work.Out, work.Failed));
        Assert.True(work.Workers!.Sum(worker => worker.Failed) > 0, $"{work}");
    }

    /// <remarks>
    /// The node in the middle holds messages in its memory only. It answers for them when its workers have, and so the node before
    /// it sends again what was lost with it.
    /// </remarks>
    [SkippableFact]
    public async Task At_least_once_over_two_hops_nothing_is_lost_when_the_distributor_in_the_middle_is_killed_too()
    {
        var count = Volume / 100;
        var (first, second) = (Ports.Free(), Ports.Free());
        Files.Write("pool-worker.conf", Worker(second));
        Files.Write("middle.conf", $$"""
            router {
              inputs.in { type = zeromq, connect = "tcp://127.0.0.1:{{first}}", socket-type = pull, delivery = at-least-once, to = work }
              outputs.work { type = distributor, bind = "tcp://127.0.0.1:{{second}}", delivery = at-least-once }
            }
            """);
        var node = RunNode($$"""
            router {
              inputs.in { type = stdin, to = work }
              outputs.work { type = distributor, bind = "tcp://127.0.0.1:{{first}}", delivery = at-least-once }
              workers {
                middle { command = [{{RouterCommand}}, "middle.conf"], supervision { {{RestartAlways}} } }
                pool { command = [{{RouterCommand}}, "pool-worker.conf"], instances = 2, supervision { {{RestartAlways}} } }
              }
              shutdown { drain-timeout = 5m }
            }
            """);
        await node.Starts();

        using var over = new CancellationTokenSource();
        var killing = HitAsync(node, Signal.Kill, TimeSpan.FromSeconds(1), progress: 0, over.Token);
        for (var n = 1; n <= count; n += 1000)
        {
            await node.WriteAsync(Numbered.Lines(n, Math.Min(1000, count - n + 1)));
            await node.Until(() => SizeOfDone() > n, "messages to get through", Patience);
        }
        await node.Until(() => Processed() >= count, "every message to be worked on", Patience);
        await over.CancelAsync();
        await killing;
        node.EndInput();
        var ledger = await node.Ends(Patience);

        AssertEachIsThere(count);
        Assert.Equal((count, count), (ledger["outputs.work"].In, ledger["outputs.work"].Out));
    }

    private static string RouterCommand => $"\"env\", \"--default-signal=HUP,INT,TERM\", \"dotnet\", \"{RouterProcess.Command}\", \"run\"";

    private static string Distributor(int to, string keys) => $$"""
        router {
          inputs.in { type = stdin, to = work }
          outputs.work { type = distributor, bind = "tcp://127.0.0.1:{{to}}", delivery = at-least-once, {{keys}} }
          workers {
            command = [{{RouterCommand}}, "pool-worker.conf"]
            instances = 4
            supervision { {{RestartAlways}} }
          }
          shutdown { drain-timeout = 5m }
        }
        """;

    /// <param name="to">The port of the distributor.</param>
    /// <param name="filter">What each message goes through; without it nothing has to be compiled at each start.</param>
    private static string Worker(int to, string? filter = null) => $$""""
        router {
          inputs.jobs { type = zeromq, connect = "tcp://127.0.0.1:{{to}}", socket-type = pull, delivery = at-least-once, reconnect { min = 50ms, max = 100ms }, to = {{(filter is null ? "done" : "check")}} }
          {{(filter is null ? "" : $"filters.check {{ type = csharp, when = \"\"\"{filter}\"\"\", to = done }}")}}
          outputs.done { type = file, path = "done"${MESSAGE_ROUTER_WORKER_NUMBER}".log", append = true, flush-interval = 20ms }
        }
        """";

    private static Task HasWorkers(int to, RouterProcess node) => node.Until(() => Ports.Accepted(to) >= 4, "four workers to connect");

    /// <summary>
    /// Sends the signal to one worker after the other, in every period in which so many bytes have been worked on since the one before: a slow machine would do nothing but start workers otherwise.
    /// Those that are stopped go on a while later.
    /// </summary>
    /// <returns>How many were hit.</returns>
    private async Task<int> HitAsync(RouterProcess node, Signal signal, TimeSpan period, long progress, CancellationToken over)
    {
        var random = new Random(1);
        var stopped = new Queue<int>();
        var hits = 0;
        using var timer = new PeriodicTimer(period);
        try
        {
            for (var next = 0L; await timer.WaitForNextTickAsync(over);)
            {
                if (SizeOfDone() < next)
                {
                    if (stopped.TryDequeue(out var first)) Peer.Send(first, Signal.Continue);
                    continue;
                }
                var alive = Workers(node, thatOnlyStart: random.Next(4) == 0);
                if (alive.Length == 0) continue;
                var victim = alive[random.Next(alive.Length)];
                Peer.Send(victim, signal);
                hits++;
                next = SizeOfDone() + progress;
                if (signal != Signal.Stop) continue;
                stopped.Enqueue(victim);
                if (stopped.Count > 10) Peer.Send(stopped.Dequeue(), Signal.Continue);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever is still stopped could not end with the node.
        }
        foreach (var victim in stopped) Peer.Send(victim, Signal.Continue);
        return hits;
    }

    /// <summary>
    /// The worker processes that are alive and at work, or also those that are not at work yet. The number of one that has
    /// ended may be a stranger's by now: only workers are in this folder.
    /// </summary>
    private int[] Workers(RouterProcess node, bool thatOnlyStart)
    {
        var workers = new Dictionary<string, (int Id, bool Works)>();
        foreach (var match in node.Errors.Lines.Select(line => WorkerLine().Match(line)).Where(match => match.Success))
        {
            var name = match.Groups["name"].Value;
            if (match.Groups["id"] is { Success: true, Value: var id }) workers[name] = (int.Parse(id), false);
            else workers[name] = workers[name] with { Works = true };
        }
        return [.. workers.Values.Where(worker => worker.Works || thatOnlyStart).Select(worker => worker.Id).Where(id => new FileInfo($"/proc/{id}/cwd").LinkTarget == Files.Path)];
    }

    private static string? Number(string line) => NumberIn().Match(line) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@" (?<name>\w+\.\d+): (Process (?<id>\d+) started\.|.*gives this worker messages)")]
    private static partial Regex WorkerLine();

    [GeneratedRegex(@"\d+(?=\}$)|(?<=^worked on )\d+$")]
    private static partial Regex NumberIn();

    private RouterProcess Filtering(int to) => Started(new RouterProcess(Files.Path,
        "pass", "--plugin", typeof(MyApp.MessageWorker).Assembly.Location, "--filter", "+MyApp::MessageWorker",
        "--input", "ZeroMQ", "--input_options", Wiring.Options(binds: false, to, "PULL"), "--output", "STDOUT"));

    private IEnumerable<string> DoneLines() => Enumerable.Range(1, 4).SelectMany(worker => Files.Lines($"done{worker}.log"));

    private long SizeOfDone() => Enumerable.Range(1, 4).Sum(worker => Files.Size($"done{worker}.log"));

    private int Processed() => DoneLines().Select(Number).OfType<string>().Distinct().Count();

    private void AssertEachIsThere(int count)
    {
        var done = DoneLines().Select(Number).OfType<string>().ToHashSet();
        Assert.Equal(Enumerable.Range(1, count).Select(n => $"{n}").ToHashSet(), done);
    }
}
