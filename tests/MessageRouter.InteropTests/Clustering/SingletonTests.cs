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

    private static async Task AllHaveJoined(Dictionary<string, RouterProcess> nodes)
    {
        foreach (var node in nodes.Values) await Reports(node, line => line.Contains("is there.", StringComparison.Ordinal), nodes.Count - 1, "the others to be there");
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
        var singleton = JsonDocument.Parse(await Output("status", "--node", of, "--cluster", "--format", "json")).RootElement.GetProperty("cluster").GetProperty("singletons")[0];
        Assert.Equal(("inputs.tick", node), (singleton.GetProperty("name").GetString(), singleton.GetProperty("node").GetString()));
        Assert.Contains($"inputs.tick reads on {node}", await Output("top", "--node", of, "--cluster", "--count", "1"), StringComparison.Ordinal);
        Assert.Contains($"inputs.tick    {node}", await Output("status", "--node", of, "--cluster"), StringComparison.Ordinal);
    }

    /// <summary>The nodes in the order in which they have read, by the time of each message: a node that is there twice has read between others.</summary>
    private static List<string> Turns(Dictionary<string, RouterProcess> nodes)
    {
        var turns = new List<string>();
        foreach (var (node, _) in nodes.SelectMany(node => Lines(node.Value).Select(line => (node.Key, At: JsonDocument.Parse(line).RootElement.GetProperty("at").GetString()!))).OrderBy(each => each.At, StringComparer.Ordinal))
        {
            if (turns.Count == 0 || turns[^1] != node) turns.Add(node);
        }
        return turns;
    }
}
