namespace MessageRouter.InteropTests.Clustering;

/// <summary>More nodes than any file names, with and without those that it names.</summary>
public sealed class ManyNodesTests : ClusterTest
{
    private const int Many = 8;

    private const int PerRound = 1000;

    public ManyNodesTests(ITestOutputHelper output)
        : base(output)
    {
        while (Nodes.Count < Many) Nodes[Name(Nodes.Count)] = Ports.Free();
    }

    [SkippableFact]
    public async Task Those_that_are_started_at_one_moment_are_one_cluster_and_go_on_without_the_seed_nodes_until_one_of_these_begins_another_which_is_said()
    {
        var nodes = Nodes.Keys.ToDictionary(node => node, node => Run(node, node == "c" ? Feed("at-least-once") : Work("at-least-once")));
        await AllHaveJoined(nodes);
        await nodes["c"].Reports(line => line.Contains($"workers are there now: {Many - 1}", StringComparison.Ordinal), "the stream to lead to all others");
        Assert.All(nodes.Where(node => node.Key != "a"), node => Assert.DoesNotContain(node.Value.Errors.Lines, line => line.Contains("begins the cluster", StringComparison.Ordinal)));
        Assert.Contains($"cluster logs: up, {Many} nodes", await Output("status", "--node", Name(Many - 1), "--cluster"), StringComparison.Ordinal);
        List<RouterProcess> all = [.. nodes.Values];
        await Feed(nodes["c"], all, 0);

        foreach (var seed in (string[])["a", "b"]) nodes[seed].Send(Signal.Kill);
        foreach (var seed in (string[])["a", "b"]) await IsTakenToBeGone(seed, seenBy: nodes["c"]);
        await Feed(nodes["c"], all, 1);
        Nodes["late"] = Ports.Free();
        var late = Run("late", Work("at-least-once"));
        await WaitsFor(late, "a", "b");
        Assert.Contains("cluster logs: joining", await Output("status", "--node", "late", "--cluster"), StringComparison.Ordinal);

        var (first, apart) = (Run("a", Work("at-least-once")), $"The node at 127.0.0.1:{Nodes["a"]} is in another cluster logs: the two have begun apart");
        foreach (var node in (RouterProcess[])[first, late]) await Joins(node);
        foreach (var node in (string[])["c", "d"]) await nodes[node].Reports(line => line.Contains(apart, StringComparison.Ordinal), apart);
        await Feed(nodes["c"], all, 2);

        // Those of the older cluster have no seed node left, and are started again.
        nodes["c"].EndInput();
        (await nodes["c"].Ends()).AssertBalanced();
        await Task.WhenAll(nodes.Where(node => node.Key is not ("a" or "b" or "c")).Select(node => node.Value.Stops()));
        var (c, d) = (Run("c", Feed("at-least-once")), Run("d", Work("at-least-once")));
        await AllAreThere(c, first, late, d);
        await Feed(c, [.. all, first, late, d], 3);
        c.EndInput();
        (await c.Ends()).AssertBalanced();
        foreach (var node in (RouterProcess[])[first, late, d]) await node.Stops();
    }

    /// <summary>Has a node feed messages, and waits until all are written somewhere.</summary>
    private static async Task Feed(RouterProcess feeder, IReadOnlyList<RouterProcess> nodes, int round)
    {
        await feeder.WriteAsync(Numbered(round * PerRound, PerRound));
        await feeder.Until(() => Lines(nodes).Distinct().Count() == (round + 1) * PerRound, $"{round + 1} rounds to be handed out");
    }

    private static string Name(int number) => $"{(char)('a' + number)}";
}
