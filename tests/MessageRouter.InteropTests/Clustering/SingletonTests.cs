using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>An input that reads on one node at a time, while the one on which it does is killed, sleeps and is stopped.</summary>
public sealed class SingletonTests(ITestOutputHelper output) : ClusterTest(output)
{
    private const string Ticks = """
        inputs { tick { type = generator, rate = 100, template = "{\"n\":%{seq},\"at\":\"%{time}\"}", singleton = true, to = out } }
          outputs { out { type = stdout } }
        """;

    [SkippableFact]
    public async Task A_node_that_is_killed_is_followed_by_another_and_one_that_is_stopped_by_the_next()
    {
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", Ticks), ["b"] = Run("b", Ticks), ["c"] = Run("c", Ticks) };
        await AllHaveJoined(nodes);
        var first = await Reads(nodes);

        nodes[first].Send(Signal.Kill);
        await nodes[first].Exits();
        var second = await Reads(nodes, first);
        var last = nodes.Keys.Single(node => node != first && node != second);
        await ShowsThatItReadsOn(second, of: last);
        (await nodes[second].Stops()).AssertBalanced();
        Assert.Equal(last, await Reads(nodes, first, second));
        (await nodes[last].Stops()).AssertBalanced();

        Assert.Equal([first, second, last], Turns(nodes));
    }

    [SkippableFact]
    public async Task A_node_that_sleeps_until_it_is_given_up_brings_nothing_more_when_it_wakes()
    {
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", Ticks), ["b"] = Run("b", Ticks), ["c"] = Run("c", Ticks) };
        await AllHaveJoined(nodes);
        var first = await Reads(nodes);

        nodes[first].Send(Signal.Stop);
        var second = await Reads(nodes, first);
        nodes[first].Send(Signal.Continue);
        await nodes[first].Reports(line => line.Contains("inputs.tick: It is not this node's turn any more", StringComparison.Ordinal), "it to notice");
        await nodes[first].Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), "it to join anew");
        foreach (var node in nodes.Values) (await node.Stops()).AssertBalanced();

        Assert.Equal([first, second], Turns(nodes).Take(2));
    }

    [SkippableFact]
    public async Task Where_the_others_do_not_give_up_a_node_that_is_killed_nobody_says_that_it_is_known_to_read()
    {
        const string patient = $"cluster.split-brain.stable-after = 1h\n  {Ticks}";
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", patient), ["b"] = Run("b", patient), ["c"] = Run("c", patient) };
        await AllHaveJoined(nodes);
        var first = await Reads(nodes);
        var others = nodes.Keys.Where(node => node != first).ToList();
        await ShowsThatItReadsOn(first, of: others[0]);

        nodes[others[1]].Send(Signal.Kill);
        await nodes[others[1]].Exits();
        await Shows(others[0], $"inputs.tick    {first}  ");
        nodes[others[0]].Send(Signal.Stop);
        await Shows(first, $"none now: closed on {first}, out of touch", $"inputs.tick reads on no node now: it is closed on {first}, which is out of touch with the others");
        nodes[others[0]].Send(Signal.Continue);
        await Shows(first, $"inputs.tick    {first}  ", $"inputs.tick reads on {first}");

        nodes[first].Send(Signal.Kill);
        await nodes[first].Exits();
        await Shows(others[0], $"inputs.tick    {first}, away", $"inputs.tick is {first}'s, which is away: whether it reads is not known");

        async Task Shows(string of, string status, string top = "")
        {
            await nodes[of].Until(async () => (await Output("status", "--node", of, "--cluster")).Contains(status, StringComparison.Ordinal), status);
            if (top.Length > 0) await nodes[of].Until(async () => (await Output("top", "--node", of, "--cluster", "--count", "1")).Contains(top, StringComparison.Ordinal), top);
        }
    }

    [SkippableFact]
    public async Task What_it_shares_with_the_cluster_is_known_to_the_next_when_its_node_is_killed()
    {
        var counts = $$"""
            plugins = ["{{Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll")}}"]
              inputs { count { class = Acme.Inputs.Counting, singleton = true, to = out } }
              outputs { out { type = stdout } }
            """;
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", counts), ["b"] = Run("b", counts), ["c"] = Run("c", counts) };
        await AllHaveJoined(nodes);
        var first = await Reads(nodes);
        await nodes[first].Prints(IsMessage, 20, "numbers");

        nodes[first].Send(Signal.Kill);
        await nodes[first].Exits();
        var second = await Reads(nodes, first);
        await nodes[second].Prints(IsMessage, 20, "numbers");
        (await nodes[second].Stops()).AssertBalanced();
        (await nodes.Single(node => node.Key != first && node.Key != second).Value.Stops()).AssertBalanced();

        // What was written and not brought is lost with its node; nothing comes twice.
        List<int> all = [.. Numbers(nodes[first]), .. Numbers(nodes[second])];
        Assert.Equal(all.Distinct().Order(), all);
        Assert.InRange(all[^1] - all.Count, -1, 10);

        static List<int> Numbers(RouterProcess node) => [.. Lines(node).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt32())];
    }

    [SkippableFact]
    public async Task A_reload_that_takes_it_away_adds_it_or_changes_it_leaves_one_instance_at_a_time_that_reads()
    {
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", Version(1)), ["b"] = Run("b", Version(1)) };
        await AllHaveJoined(nodes);
        var first = await Reads(nodes);

        await ReloadAsync(first, "inputs { idle { type = null, to = out } }\n  outputs { out { type = stdout } }");
        await Turn(2);
        await ReloadAsync(first, Version(1));
        Assert.Equal("standby", Component(await Output("status", "--node", first, "--format", "json")).GetProperty("state").GetString());
        for (var version = 2; version <= 4; version++)
        {
            await ReloadAsync(await HolderAsync(), Version(version));

            // Of the same node or the other one.
            await Turn(version + 1);
        }

        var before = Lines(nodes.Values).Count();
        await nodes["a"].Until(() => Lines(nodes.Values).Count() > before + 20, "it to be read on");
        Assert.Equal(5, Instances().Count);
        foreach (var node in nodes.Values) (await node.Stops()).AssertBalanced();

        async Task ReloadAsync(string node, string components)
        {
            await File.WriteAllTextAsync(Files[node == "a" ? "node1.conf" : "node2.conf"], Config(node, components));
            await Output("reload", "--node", node, "--yes");
        }

        Task Turn(int number) => nodes["a"].Until(() => Instances().Count >= number, $"turn {number}");

        List<string> Instances() => Turns(nodes, (node, message) => $"{node} {message.GetProperty("v")}");

        async Task<string> HolderAsync() => Singleton(await Output("status", "--node", "a", "--cluster", "--format", "json")).GetProperty("node").GetString()!;

        static JsonElement Component(string status) => JsonDocument.Parse(status).RootElement.GetProperty("components").EnumerateArray().Single(component => component.GetProperty("name").GetString() == "inputs.tick");

        static string Version(int version) => Ticks.Replace("%{seq}", $"%{{seq}},\\\"v\\\":{version}", StringComparison.Ordinal);
    }

    /// <summary>Waits until a node that has not gone reads.</summary>
    private static async Task<string> Reads(Dictionary<string, RouterProcess> nodes, params IReadOnlyList<string> gone)
    {
        var others = nodes.Where(node => !gone.Contains(node.Key)).ToList();
        await others[0].Value.Until(() => others.Any(node => node.Value.Output.Lines.Any(IsMessage)), "a node to read");
        return others.First(node => node.Value.Output.Lines.Any(IsMessage)).Key;
    }

    private async Task ShowsThatItReadsOn(string node, string of)
    {
        var singleton = Singleton(await Output("status", "--node", of, "--cluster", "--format", "json"));
        Assert.Equal(("inputs.tick", node), (singleton.GetProperty("name").GetString(), singleton.GetProperty("node").GetString()));
        Assert.Contains($"inputs.tick reads on {node}", await Output("top", "--node", of, "--cluster", "--count", "1"), StringComparison.Ordinal);
        Assert.Contains($"inputs.tick    {node}", await Output("status", "--node", of, "--cluster"), StringComparison.Ordinal);
    }

    private static JsonElement Singleton(string status) => JsonDocument.Parse(status).RootElement.GetProperty("cluster").GetProperty("singletons")[0];

    /// <summary>The nodes in the order in which they have read, by the time of each message: a node that is there twice has read between others.</summary>
    private static List<string> Turns(Dictionary<string, RouterProcess> nodes) => Turns(nodes, (node, _) => node);

    private static List<string> Turns(Dictionary<string, RouterProcess> nodes, Func<string, JsonElement, string> reader)
    {
        var turns = new List<string>();
        foreach (var (node, message) in nodes.SelectMany(node => Lines(node.Value).Select(line => (node.Key, Message: JsonDocument.Parse(line).RootElement))).OrderBy(each => each.Message.GetProperty("at").GetString(), StringComparer.Ordinal))
        {
            if (reader(node, message) is var turn && (turns.Count == 0 || turns[^1] != turn)) turns.Add(turn);
        }
        return turns;
    }
}
