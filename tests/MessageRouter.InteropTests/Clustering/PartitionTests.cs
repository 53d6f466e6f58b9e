using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>A network that comes apart under a cluster, and together again.</summary>
public sealed class PartitionTests(ITestOutputHelper output) : ClusterTest(output), IDisposable
{
    /// <summary>A node that takes a stream by key, feeds it, and can be a singleton.</summary>
    private const string Everything = """
        inputs {
            lines { type = stdin, to = feed }
            tick { type = generator, rate = 50, template = "{\"n\":%{seq},\"at\":\"%{time}\"}", singleton = true, to = out }
            work { type = cluster, stream = jobs, delivery = at-least-once, to = out }
          }
          outputs {
            feed { type = cluster, stream = jobs, delivery = at-least-once, route = key, key = k, heartbeat { interval = 500ms, timeout = 3s } }
            out { type = stdout }
          }
        """;

    private Network? network;

    public void Dispose() => network?.Dispose();

    [SkippableTheory]
    [InlineData("a b", "c")]
    [InlineData("b c", "a")]
    public async Task The_side_with_more_nodes_goes_on_alone_and_the_other_joins_anew(string more, string fewer)
    {
        var nodes = await Cluster("a", "b", "c");
        var (major, minor) = (more.Split(' '), fewer);
        await Feed(nodes, major[0], 0);
        await IsHandedOut(nodes, 1);

        network!.ComesApart(major, [minor]);
        await nodes[major[0]].Reports(line => line.Contains($"Node {minor} ", StringComparison.Ordinal) && line.EndsWith("is taken to be gone.", StringComparison.Ordinal), $"{minor} to be given up");
        await Feed(nodes, major[1], 1);
        await IsHandedOut(major.ToDictionary(node => node, node => nodes[node]), 1, of: 1);
        await nodes[minor].Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), $"{minor} to notice");

        // For so long that it would begin a cluster of its own.
        await ReadsOn(major.Select(node => nodes[node]), messages: 10 * PerSecond);
        network.Heal();
        await Reports(nodes[major[0]], line => line.Contains($"Node {minor} ", StringComparison.Ordinal) && line.EndsWith("is there.", StringComparison.Ordinal), 2, $"{minor} to be back");
        await Feed(nodes, minor, 2);
        await IsHandedOut(nodes, 3);

        await End(nodes);
    }

    [SkippableFact]
    public async Task Of_two_sides_of_the_same_size_one_goes_on()
    {
        var nodes = await Cluster("a", "b", "c", "d");
        await Feed(nodes, "a", 0);
        await IsHandedOut(nodes, 1);

        network!.ComesApart(["a", "b"], ["c", "d"]);
        foreach (var gone in (string[])["c", "d"]) await nodes["a"].Reports(line => line.Contains($"Node {gone} ", StringComparison.Ordinal) && line.EndsWith("is taken to be gone.", StringComparison.Ordinal), $"{gone} to be given up");
        await Feed(nodes, "b", 1);
        await IsHandedOut(new() { ["a"] = nodes["a"], ["b"] = nodes["b"] }, 1, of: 1);
        await ReadsOn([nodes["a"], nodes["b"]], messages: 10 * PerSecond);
        network.Heal();
        foreach (var back in (string[])["c", "d"]) await Reports(nodes["a"], line => line.Contains($"Node {back} ", StringComparison.Ordinal) && line.EndsWith("is there.", StringComparison.Ordinal), 2, $"{back} to be back");
        await Feed(nodes, "c", 2);
        await IsHandedOut(nodes, 3);

        await End(nodes);
    }

    [SkippableFact]
    public async Task A_network_that_flaps_costs_nobody_a_message()
    {
        var nodes = await Cluster("a", "b", "c");
        for (var round = 0; round < 4; round++)
        {
            network!.ComesApart(["a", "b"], ["c"]);
            await Feed(nodes, "a", round);
            await nodes["a"].Reports(line => line.Contains("Node c ", StringComparison.Ordinal) && line.Contains("does not answer", StringComparison.Ordinal), "c not to answer");
            network.Heal();
        }
        await IsHandedOut(nodes, 4);

        await End(nodes);
    }

    [SkippableFact]
    public async Task A_node_that_hears_another_one_and_is_not_heard_by_it_makes_nobody_write_twice()
    {
        var nodes = await Cluster("a", "b", "c");
        await Feed(nodes, "b", 0);
        await IsHandedOut(nodes, 1);

        network!.IsDumb("c", to: "a", isDumb: true);
        await nodes["a"].Reports(line => line.Contains("Node c ", StringComparison.Ordinal) && line.Contains("does not answer", StringComparison.Ordinal), "c not to answer");
        await Feed(nodes, "b", 1);
        network.IsDumb("c", to: "a", isDumb: false);
        await IsHandedOut(nodes, 2);

        await End(nodes);
    }

    [SkippableFact]
    public async Task A_cable_that_is_slow_and_full_costs_no_message_and_no_node()
    {
        var nodes = await Cluster("a", "b", "c");
        network!.IsSlow("c", kilobits: 400);
        var pad = new string('x', 1500);
        for (var round = 0; round < 3; round++)
            await nodes["a"].WriteAsync(Keyed("a", round * PerRound, PerRound).Select(line => line.Replace("}", $$""","pad":"{{pad}}"}""", StringComparison.Ordinal)));
        await IsHandedOut(nodes, 3);

        await End(nodes);
        Assert.All(nodes.Values, node => Assert.DoesNotContain(node.Errors.Lines, line => line.EndsWith("is taken to be gone.", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task Nodes_that_find_each_other_by_a_name_are_one_cluster()
    {
        var nodes = await Cluster(["a", "b", "c"], _ => $"discovery {{ method = dns, name = {Network.NameOfAll}, nodes = 2 }}");
        await Feed(nodes, "c", 0);
        await IsHandedOut(nodes, 1);

        await End(nodes);
        Assert.Single(nodes.Values, node => node.Errors.Lines.Any(line => line.Contains("begins the cluster logs", StringComparison.Ordinal)));
    }

    private Task<Dictionary<string, RouterProcess>> Cluster(params string[] names) =>
        Cluster(names, network => $"seed-nodes = [{string.Join(", ", names.Select(name => $"\"{network.AddressOf(name)}:4053\""))}]");

    private async Task<Dictionary<string, RouterProcess>> Cluster(string[] names, Func<Network, string> seeds)
    {
        network = new Network(names);
        var nodes = names.ToDictionary(name => name, name => RunNode(
            $$"""
            router {
              name = {{name}}
              cluster { name = logs, bind = "{{network.AddressOf(name)}}:4053", insecure = true, {{seeds(network)}}, split-brain.stable-after = 2s }
              {{Everything}}
            }
            """, network.At(name)));
        foreach (var node in nodes.Values) await Reports(node, line => line.EndsWith("is there.", StringComparison.Ordinal), names.Length - 1, "the others to be there");
        return nodes;
    }

    /// <summary>Has a node feed messages of all keys.</summary>
    private static Task Feed(Dictionary<string, RouterProcess> nodes, string by, int round) => nodes[by].WriteAsync(Keyed(by, round * PerRound, PerRound));

    private const int PerRound = 400;

    private const int PerSecond = 50;

    /// <summary>Waits until one of some nodes has read so many more.</summary>
    private static async Task ReadsOn(IEnumerable<RouterProcess> nodes, int messages)
    {
        var before = Read();
        await nodes.First().Until(() => Read() >= before + messages, "one of them to go on reading");

        int Read() => nodes.Sum(node => node.Output.Lines.Count(line => line.Contains("\"at\"", StringComparison.Ordinal)));
    }

    private static async Task IsHandedOut(Dictionary<string, RouterProcess> nodes, int rounds, int of = 0)
    {
        await nodes.Values.First().Until(() => Numbers(nodes).Count(number => number >= of * PerRound) == rounds * PerRound, $"{rounds} rounds to be handed out");
    }

    private async Task End(Dictionary<string, RouterProcess> nodes)
    {
        foreach (var node in nodes.Values) node.EndInput();
        foreach (var node in nodes.Values) (await node.Stops()).AssertBalanced();

        // Nobody read while another one did.
        var turns = nodes.SelectMany(node => Turns(node.Key, node.Value)).OrderBy(turn => turn.From, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(turns);
        foreach (var (one, next) in turns.Zip(turns.Skip(1))) Assert.True(string.CompareOrdinal(one.To, next.From) <= 0, $"{one} and {next}");
    }

    /// <summary>The times in which a node has read, as its log has them; the last one until its last message.</summary>
    private static IEnumerable<(string Node, string From, string To)> Turns(string name, RouterProcess node)
    {
        string? from = null;
        foreach (var line in node.Errors.Lines.Where(line => line.Contains("inputs.tick: ", StringComparison.Ordinal)))
        {
            if (line.EndsWith("It is this node's turn: it reads here now.", StringComparison.Ordinal)) from = TimeOf(line);
            if (from is null || !line.Contains("It is not this node's turn any more", StringComparison.Ordinal)) continue;
            yield return (name, from, TimeOf(line));
            from = null;
        }
        if (from is not null) yield return (name, from, TimeOf(Bodies(node).Where(body => body.TryGetProperty("at", out _)).Select(body => body.GetProperty("at").GetString()!).LastOrDefault() ?? from));
    }

    private static string TimeOf(string text) => text.Replace('T', ' ')[.."2026-01-01 00:00:00.000".Length];

    private static HashSet<int> Numbers(Dictionary<string, RouterProcess> nodes) => [.. nodes.Values.SelectMany(Bodies).Where(body => body.TryGetProperty("k", out _)).Select(body => body.GetProperty("n").GetInt32())];

    private static IEnumerable<JsonElement> Bodies(RouterProcess node) => Lines(node).Select(line => JsonDocument.Parse(line).RootElement);
}
