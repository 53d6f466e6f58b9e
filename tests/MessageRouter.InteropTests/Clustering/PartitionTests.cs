using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>A network that comes apart under a cluster, and together again.</summary>
public sealed class PartitionTests(ITestOutputHelper output) : ClusterTest(output), IDisposable
{
    /// <summary>A node that takes a stream by key, feeds it, and can be a singleton.</summary>
    private static readonly string Everything = $$"""
        inputs {
            lines { type = stdin, to = feed }
            tick { type = generator, rate = 50, template = "{\"n\":%{seq},\"at\":\"%{time}\"}", singleton = true, to = out }
            work { type = cluster, stream = jobs, delivery = at-least-once, to = written }
          }
          outputs {
            feed { type = cluster, stream = jobs, delivery = at-least-once, route = key, key = k, heartbeat { interval = 500ms, timeout = 3s } }
            out { type = stdout }
          }
          {{KeyedStream.Written}}
        """;

    /// <summary>How long a node that does not answer is waited for.</summary>
    private const string Soon = "2s";

    /// <summary>For so long that TCP has tried again to reach it.</summary>
    private const string Patient = "8s";

    /// <summary>The oldest goes on, where it is the only one of its side too, which only Akka's own settings say.</summary>
    private const string EvenAlone = "keep-oldest, even alone";

    private readonly KeyedStream stream = new();

    private Network? network;

    public void Dispose() => network?.Dispose();

    [SkippableTheory]
    [InlineData("keep-majority", "a b", "c")]
    [InlineData("static-quorum, quorum = 2", "b c", "a")]
    [InlineData(EvenAlone, "a", "b c")]
    public async Task The_side_that_the_strategy_names_goes_on_alone_and_the_other_joins_anew(string strategy, string stays, string goes)
    {
        var (staying, going) = (stays.Split(' '), goes.Split(' '));
        var nodes = await Cluster(Soon, ["a", "b", "c"], network => strategy == EvenAlone ? All(network, ["a", "b", "c"]) : Seeds(network, ["a", "b", "c"]), strategy);
        await AllFeed(nodes, staying, going);

        network!.ComesApart(staying, going);
        foreach (var gone in going) await IsTakenToBeGone(gone, seenBy: nodes[staying[0]]);
        await stream.IsWritten(staying);
        foreach (var gone in going) await nodes[gone].Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), $"{gone} to notice");

        // For so long that those who go would begin a cluster of their own.
        await ReadsOn(staying.Select(node => nodes[node]), messages: 10 * PerSecond);
        Assert.All(going, gone => Assert.DoesNotContain(nodes[gone].Errors.Lines.SkipWhile(line => !line.Contains("it joins anew", StringComparison.Ordinal)), line => line.Contains("begins the cluster", StringComparison.Ordinal)));
        network.Heal();
        await AllAreBack(nodes, seenBy: staying[0]);

        await End(nodes, changes: 2 * going.Length);
    }

    [SkippableFact]
    public async Task With_down_all_everybody_leaves_and_more_than_half_of_them_begin_anew()
    {
        var nodes = await Cluster(Soon, ["a", "b", "c"], network => All(network, ["a", "b", "c"]), "down-all");
        await AllFeed(nodes, ["a", "b"], ["c"]);

        network!.ComesApart(["a", "b"], ["c"]);
        foreach (var node in nodes.Values) await node.Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), "all to leave");
        await ReadsOn([nodes["a"], nodes["b"]], messages: 10 * PerSecond);
        network.Heal();
        await AllAreBack(nodes, seenBy: "a");

        await End(nodes, changes: 4);
    }

    [SkippableFact]
    public async Task Of_two_sides_of_the_same_size_one_goes_on()
    {
        var nodes = await Cluster(Soon, "a", "b", "c", "d");
        string[] major = ["a", "b"];
        await AllFeed(nodes, major, ["c", "d"]);

        network!.ComesApart(major, ["c", "d"]);
        foreach (var gone in (string[])["c", "d"]) await IsTakenToBeGone(gone, seenBy: nodes["a"]);
        await stream.IsWritten(major);
        await ReadsOn([nodes["a"], nodes["b"]], messages: 10 * PerSecond);
        network.Heal();
        await AllAreBack(nodes, seenBy: "a");

        // Each that comes back may get a key.
        await End(nodes, changes: 3);
    }

    [SkippableFact]
    public async Task A_network_that_flaps_costs_nobody_a_message_or_a_key()
    {
        var nodes = await Cluster(Patient, "a", "b", "c");
        await AllFeed(nodes, ["a", "b"], ["c"]);
        for (var round = 1; round <= 2; round++)
        {
            network!.ComesApart(["a", "b"], ["c"]);
            await Reports(nodes["a"], line => line.Contains("Node c ", StringComparison.Ordinal) && line.Contains("does not answer", StringComparison.Ordinal), round, "c not to answer");
            network.Heal();
            await Reports(nodes["a"], line => line.Contains("Node c ", StringComparison.Ordinal) && line.Contains("answers again", StringComparison.Ordinal), round, "c to answer again");
        }

        await End(nodes, changes: 0);
    }

    [SkippableFact]
    public async Task A_node_that_hears_another_one_and_is_not_heard_by_it_makes_nobody_write_twice_whether_one_of_them_is_given_up_or_not()
    {
        var nodes = await Cluster(Patient, "a", "b", "c");
        await AllFeed(nodes, ["a", "b"], ["c"]);

        network!.IsDumb("c", to: "a", isDumb: true);
        await nodes["a"].Reports(line => line.Contains("Node c ", StringComparison.Ordinal) && line.Contains("does not answer", StringComparison.Ordinal), "c not to answer");
        network.IsDumb("c", to: "a", isDumb: false);
        await nodes["a"].Reports(line => line.Contains("Node c ", StringComparison.Ordinal) && line.Contains("answers again", StringComparison.Ordinal), "c to answer again");
        await stream.IsWritten();
        stream.AssertInOrder(changes: 0);

        network.IsDumb("c", to: "a", isDumb: true);
        await nodes["b"].Reports(line => line.EndsWith("is taken to be gone.", StringComparison.Ordinal), "a or c to be given up");
        await ReadsOn(nodes.Values, messages: 5 * PerSecond);
        network.IsDumb("c", to: "a", isDumb: false);
        await AllAreBack(nodes, seenBy: "b");

        // Both ends of the link may go, and come back.
        await End(nodes, changes: 4);
    }

    [SkippableFact]
    public async Task A_cable_that_is_slow_and_full_costs_no_message_and_no_node()
    {
        var nodes = await Cluster(Soon, "a", "b", "c");
        network!.IsSlow("c", kilobits: 400);
        foreach (var _ in Enumerable.Range(0, 3)) await stream.Feed("a", PerRound, pad: 1500);

        await End(nodes, changes: 0);
        Assert.All(nodes.Values, node => Assert.DoesNotContain(node.Errors.Lines, line => line.EndsWith("is taken to be gone.", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task Nodes_that_find_each_other_by_a_name_are_one_cluster()
    {
        var nodes = await Cluster(Soon, ["a", "b", "c"], _ => $"discovery {{ method = dns, name = {Network.NameOfAll}, nodes = 2 }}");
        await stream.Feed("c", PerRound);

        await End(nodes, changes: 0);
        Assert.Single(nodes.Values, node => node.Errors.Lines.Any(line => line.Contains("begins the cluster logs", StringComparison.Ordinal)));
    }

    private Task<Dictionary<string, RouterProcess>> Cluster(string stableAfter, params string[] names) => Cluster(stableAfter, names, network => Seeds(network, names));

    private static string Seeds(Network network, string[] names) => $"seed-nodes = {Addresses(network, names)}";

    /// <summary>More than half of them may begin a cluster, whichever they are.</summary>
    private static string All(Network network, string[] names) => $"discovery {{ method = config, addresses = {Addresses(network, names)} }}";

    private static string Addresses(Network network, string[] names) => $"[{string.Join(", ", names.Select(name => $"\"{network.AddressOf(name)}:4053\""))}]";

    private async Task<Dictionary<string, RouterProcess>> Cluster(string stableAfter, string[] names, Func<Network, string> seeds, string strategy = "keep-majority")
    {
        network = new Network(names);
        var nodes = names.ToDictionary(name => name, name => RunNode(
            $$"""
            router {
              name = {{name}}
              cluster { name = logs, bind = "{{network.AddressOf(name)}}:4053", insecure = true, {{seeds(network)}}, split-brain { stable-after = {{stableAfter}}, strategy = {{strategy.Replace(EvenAlone, "keep-oldest", StringComparison.Ordinal)}} } }
              {{Everything}}
            }
            {{(strategy == EvenAlone ? "akka.cluster.split-brain-resolver.keep-oldest.down-if-alone = off" : "")}}
            """, network.At(name)));
        foreach (var (name, node) in nodes) stream.Add(name, node);
        await AllHaveJoined(nodes);
        await KeysAreShared(nodes[names[0]], names[0], names.Length);
        return nodes;
    }

    /// <summary>Has all nodes feed the stream from now on: some with messages of all keys, and others only of those that they have, so that nothing keeps these from going on with them where they are alone.</summary>
    private async Task AllFeed(Dictionary<string, RouterProcess> nodes, IEnumerable<string> all, IEnumerable<string> own)
    {
        foreach (var node in nodes.Keys) await stream.Feed(node, KeyedStream.Keys);
        await stream.IsWritten();
        foreach (var node in own) stream.Begin(node, stream.KeysOf(node));
        foreach (var node in all) stream.Begin(node, KeyedStream.AllKeys);
        await nodes.Values.First().Until(() => stream.Fed.Values.All(fed => fed > 2 * KeyedStream.Keys), "all to feed the stream");
    }

    private Task AllAreBack(Dictionary<string, RouterProcess> nodes, string seenBy) => KeysAreShared(nodes[seenBy], seenBy, nodes.Count);

    private const int PerRound = 400;

    private const int PerSecond = 50;

    /// <summary>Waits until one of some nodes has read so many more.</summary>
    private static async Task ReadsOn(IEnumerable<RouterProcess> nodes, int messages)
    {
        var before = Read();
        await nodes.First().Until(() => Read() >= before + messages, "one of them to go on reading");

        int Read() => nodes.Sum(node => node.Output.Lines.Count(line => line.Contains("\"at\"", StringComparison.Ordinal)));
    }

    /// <param name="nodes">All nodes.</param>
    /// <param name="changes">How often a key may have gone from one to another.</param>
    private async Task End(Dictionary<string, RouterProcess> nodes, int changes)
    {
        await stream.EndFeeding();
        await stream.IsWritten();
        await IsAccountedFor(nodes);
        foreach (var node in nodes.Values) node.EndInput();
        foreach (var node in nodes.Values) (await node.Stops()).AssertBalanced();
        stream.AssertInOrder(changes);

        // Nobody read while another one did.
        var turns = nodes.SelectMany(node => Turns(node.Key, node.Value)).OrderBy(turn => turn.From, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(turns);
        foreach (var (one, next) in turns.Zip(turns.Skip(1))) Assert.True(string.CompareOrdinal(one.To, next.From) <= 0, $"{one} and {next}");
    }

    /// <summary>Links of before and after are joined: what came through is known at both ends, and what one end is not sure of is named as that.</summary>
    private async Task IsAccountedFor(Dictionary<string, RouterProcess> nodes)
    {
        var sum = await Output("ledger", "check", "--node", nodes.Keys.First(), "--cluster");
        Assert.DoesNotContain("DOES NOT", sum, StringComparison.Ordinal);
        Assert.Contains(" received + 0 lost", sum, StringComparison.Ordinal);
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

    private static IEnumerable<JsonElement> Bodies(RouterProcess node) => Lines(node).Select(line => JsonDocument.Parse(line).RootElement);
}
