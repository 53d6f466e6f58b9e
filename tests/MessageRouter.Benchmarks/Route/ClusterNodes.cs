using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>One node that gives and some that take, each a process of its own, with a way between them of each kind: who gives the same to the same processes differs in nothing else.</summary>
/// <param name="router">The command.</param>
/// <param name="members">How many take.</param>
/// <param name="rate">Messages a second of each source; 0 for as many as are taken.</param>
internal sealed class ClusterNodes(MessageRouterContestant router, int members, int rate = 0) : IAsyncDisposable
{
    /// <summary>How many messages wait for one of those who take: what a PUSH socket has by itself.</summary>
    private const int Queue = 10_000;

    /// <summary>How long all may take to join and to have decided whose the keys are.</summary>
    private static readonly TimeSpan Joining = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("message-router-benchmark-").FullName;
    private readonly Dictionary<ClusterWay, Running> _sources = [];
    private readonly List<Running> _nodes = [];
    private readonly int _seed = Ports.Free();

    /// <summary>Where those who take listen for the node that gives, and for the sink; the last is the one that may be added.</summary>
    private readonly int[] _taken = Free(members + 1), _left = Free(members + 1);
    private IReadOnlyList<Running> _sinks = [];

    public async Task StartAsync()
    {
        var from = Free(3);
        foreach (var way in Enum.GetValues<ClusterWay>()) _sources[way] = Running.Start([.. Self.Command, "source", "PUSH", $"{from[(int)way]}", "100", $"{rate}", "1"]);
        Start("giver", _seed, $$"""
            inputs {
              for-sockets { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{from[(int)ClusterWay.Sockets]}}", to = sockets }
              for-stream { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{from[(int)ClusterWay.Stream]}}", to = stream }
              for-key { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{from[(int)ClusterWay.Key]}}", to = key }
            }
            outputs {
              sockets { type = zeromq, socket-type = push, connect = [{{string.Join(", ", _taken.Take(members).Select(port => $"\"tcp://127.0.0.1:{port}\""))}}], high-water-mark = {{Queue}} }
              stream { type = cluster, stream = even, queue = {{Queue}} }
              key { type = cluster, stream = keyed, queue = {{Queue}}, route = key, key = n }
            }
            """);
        for (var member = 0; member < members; member++) StartTaker(member);
        _sinks = [StartSink([.. _left.Take(members)])];
        await _nodes[0].UntilReadyAsync([.. _sources.Values, .. _sinks]);
    }

    /// <summary>Sends by one way until every node has taken something.</summary>
    public async Task BeginAsync(ClusterWay way)
    {
        var (begun, before) = (TimeProvider.System.GetTimestamp(), await _sinks[0].AskAsync("shares"));
        _sources[way].Tell("go");
        while ((await _sinks[0].AskAsync("shares")).Zip(before).Skip(1).Any(share => share.First == share.Second))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Joining) throw new TimeoutException($"Not every node has taken something by {way}: {string.Join('\n', _nodes.Select(node => node.Said))}");
            await Task.Delay(Beat);
        }
    }

    /// <summary>Sends by one way until every node has taken something, and for some time more.</summary>
    public async Task WarmUpAsync(ClusterWay way, TimeSpan time)
    {
        await BeginAsync(way);
        await Task.Delay(time);
        await _sources[way].AskAsync("stop");
    }

    public async Task<ClusterFlow> FlowAsync(ClusterWay way, TimeSpan settling, TimeSpan time)
    {
        _sources[way].Tell("go");
        await Task.Delay(settling);
        var (before, begun) = (Spent(), await CountAsync());
        await Task.Delay(time);
        var (after, ended) = (Spent(), await CountAsync());
        await _sources[way].AskAsync("stop");
        var messages = Math.Max(1, ended.Messages - begun.Messages);
        var each = after.Zip(before, (later, earlier) => (later - earlier) / messages * 1e6).ToList();
        return new ClusterFlow(messages / (ended.Seconds - begun.Seconds), each[0], each.Skip(1).Sum());
    }

    /// <summary>How many messages have come by now, and when that is.</summary>
    public async Task<(long Messages, double Seconds)> CountAsync()
    {
        var counts = await Task.WhenAll(_sinks.Select(sink => sink.CountAsync()));
        return (counts.Sum(count => count.Messages), counts.Max(count => count.Seconds));
    }

    /// <summary>Starts another node that takes.</summary>
    public async Task AddTakerAsync()
    {
        StartTaker(members);
        var sink = StartSink(_left[members]);
        await _nodes[^1].UntilReadyAsync(sink);
        _sinks = [.. _sinks, sink];
    }

    /// <summary>Whether the node that was added has taken anything.</summary>
    public async Task<bool> HasAddedTakenAsync() => (await _sinks[^1].CountAsync()).Messages > 0;

    /// <summary>Kills the first of those who take.</summary>
    public ValueTask KillTakerAsync() => _nodes[1].DisposeAsync();

    /// <summary>Ends all nodes, who gives first.</summary>
    public async Task StopAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
            if (node.ExitCode != 0) throw new InvalidOperationException($"A node has ended with {node.ExitCode}: {node.Said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _nodes.Concat(_sources.Values).Concat(_sinks)) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private List<double> Spent() => [.. _nodes.Select(node => node.Usage.Processor)];

    private void StartTaker(int member) => Start($"taker-{member}", Ports.Free(), $$"""
        inputs {
          sockets { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{_taken[member]}}", to = out }
          stream { type = cluster, stream = even, to = out }
          key { type = cluster, stream = keyed, to = out }
        }
        outputs.out { type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:{{_left[member]}}" }
        """);

    private static Running StartSink(params int[] ports) => Running.Start([.. Self.Command, "sink", "PULL", string.Join(',', ports), "count"]);

    private void Start(string name, int port, string components)
    {
        var file = Path.Combine(_folder, $"{name}.conf");
        File.WriteAllText(file, $$"""
            router {
            name = {{name}}, control = off, shutdown.drain-timeout = 30s
            cluster { name = benchmark, bind = "127.0.0.1:{{port}}", seed-nodes = ["127.0.0.1:{{_seed}}"] }
            {{components}}
            }
            """);
        _nodes.Add(Running.Start([.. router.Program, "run", file, "--quiet"]));
    }

    private static int[] Free(int count) => [.. Enumerable.Range(0, count).Select(_ => Ports.Free())];
}
