using System.Globalization;
using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>
/// What a stream of a cluster costs beside plain sockets: one node takes what the source pushes and gives it to one, two or four others, each a process of its own, which push it to the sink. The node
/// that gives has a PUSH socket that connects to the others, or a stream that they take, or one that is fed by key; the three take turns.
/// </summary>
internal sealed class ClusterCase(MessageRouterContestant router, Times times)
{
    public const string Name = "cluster";

    private static readonly TimeSpan Joining = TimeSpan.FromSeconds(8);

    /// <summary>How a message comes from the one node to the others.</summary>
    private enum Way
    {
        Sockets,
        Stream,
        Key,
    }

    public static string StreamFigure(int members) => FormattableString.Invariant($"cluster stream to {members}: rate, to PUSH and PULL");

    public static string KeyFigure(int members) => FormattableString.Invariant($"cluster stream by key to {members}: rate, to PUSH and PULL");

    /// <summary>How many nodes take the stream.</summary>
    public static IReadOnlyList<int> Members { get; } = [1, 2, 4];

    public async Task<RouteFigure[]> RunAsync()
    {
        var figures = new List<RouteFigure>();
        foreach (var members in Members)
        {
            var rates = Enum.GetValues<Way>().ToDictionary(way => way, _ => new List<double>());
            for (var round = 0; round < times.Rounds; round++)
            {
                foreach (var way in Enum.GetValues<Way>()) rates[way].Add(await RateAsync(members, way));
            }
            Console.WriteLine($"{Name} {members}: {string.Join("; ", rates.Select(way => $"{way.Key} {string.Join(' ', way.Value.Select(rate => rate.ToString("N0", CultureInfo.InvariantCulture)))}"))}");
            figures.Add(new RouteFigure(StreamFigure(members), Ratio(Way.Stream), ""));
            figures.Add(new RouteFigure(KeyFigure(members), Ratio(Way.Key), ""));

            double Ratio(Way way) => Measurement.Median(rates[way].Zip(rates[Way.Sockets], (rate, plain) => rate / plain));
        }
        return [.. figures];
    }

    private async Task<double> RateAsync(int members, Way way)
    {
        var folder = Directory.CreateTempSubdirectory("message-router-benchmark-").FullName;
        var nodes = new List<Running>();
        try
        {
            var (from, seed) = (Ports.Free(), Ports.Free());
            var (taken, left) = (Free(members), Free(members));
            await using var source = Running.Start([.. Self.Command, "source", "PUSH", $"{from}", "100", "0", "1"]);
            var give = way == Way.Sockets ? $"outputs.link {{ type = zeromq, socket-type = push, connect = [{string.Join(", ", taken.Select(port => $"\"tcp://127.0.0.1:{port}\""))}] }}"
                : $"outputs.link {{ type = cluster, stream = link, {(way == Way.Key ? "route = key, key = n" : "route = round-robin")} }}";
            nodes.Add(Start("giver", seed, $"inputs.in {{ type = zeromq, socket-type = pull, bind = \"tcp://127.0.0.1:{from}\", to = link }}\n{give}"));
            for (var member = 0; member < members; member++)
            {
                var take = way == Way.Sockets ? $"type = zeromq, socket-type = pull, bind = \"tcp://127.0.0.1:{taken[member]}\"" : "type = cluster, stream = link";
                nodes.Add(Start($"taker-{member}", Ports.Free(), $"inputs.link {{ {take}, to = out }}\noutputs.out {{ type = zeromq, socket-type = push, bind = \"tcp://127.0.0.1:{left[member]}\" }}"));
            }
            await using var sink = Running.Start([.. Self.Command, "sink", "PULL", string.Join(',', left), "count"]);
            await nodes[0].UntilReadyAsync(source, sink);
            source.Tell("go");

            // Until all have joined, and whose the keys are is decided.
            await Task.Delay(Joining + times.WarmUp);
            var rate = await sink.RateAsync(times.Measure);
            await source.AskAsync("stop");
            foreach (var node in nodes) await node.StopAsync();
            return rate > 0 ? rate : throw new InvalidOperationException($"nothing has come: {nodes[0].Said}");

            Running Start(string name, int port, string components)
            {
                var file = Path.Combine(folder, $"{name}.conf");
                var cluster = way == Way.Sockets ? "" : $"cluster {{ name = benchmark, bind = \"127.0.0.1:{port}\", seed-nodes = [\"127.0.0.1:{seed}\"] }}";
                File.WriteAllText(file, $"router {{\nname = {name}, control = off\n{cluster}\n{components}\nshutdown.drain-timeout = 30s\n}}");
                return Running.Start([.. router.Program, "run", file, "--quiet"]);
            }
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int[] Free(int count) => [.. Enumerable.Range(0, count).Select(_ => Ports.Free())];
}
