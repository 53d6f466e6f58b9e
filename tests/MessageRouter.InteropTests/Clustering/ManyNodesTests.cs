namespace MessageRouter.InteropTests.Clustering;

/// <summary>More nodes than any file names, with and without those that it names.</summary>
public sealed class ManyNodesTests : ClusterTest
{
    private const int Many = 20;

    private const int PerRound = 1000;

    private readonly KeyedStream stream = new();

    public ManyNodesTests(ITestOutputHelper output)
        : base(output)
    {
        while (Nodes.Count < Many) Nodes[Name(Nodes.Count)] = Ports.Free();
    }

    [SkippableFact]
    public async Task Those_that_are_started_at_one_moment_are_one_cluster_and_go_on_without_the_seed_nodes_until_one_of_these_begins_another_which_is_said()
    {
        var nodes = Nodes.Keys.ToDictionary(node => node, node => Run(node, node == "c" ? FeedByKey : WorkByKey));
        foreach (var (name, node) in nodes) stream.Add(name, node);
        await AllHaveJoined(nodes);
        await nodes["c"].Reports(line => line.Contains($"workers are there now: {Many - 1}", StringComparison.Ordinal), "the stream to lead to all others");
        Assert.All(nodes.Where(node => node.Key != "a"), node => Assert.DoesNotContain(node.Value.Errors.Lines, line => line.Contains("begins the cluster", StringComparison.Ordinal)));
        Assert.Contains($"cluster logs: up, {Many} nodes", await Output("status", "--node", Name(Many - 1), "--cluster"), StringComparison.Ordinal);
        await KeysAreShared(nodes["c"], "c", Many - 1);
        await FeedRound("c");

        foreach (var seed in (string[])["a", "b"]) nodes[seed].Send(Signal.Kill);
        foreach (var seed in (string[])["a", "b"]) await IsTakenToBeGone(seed, seenBy: nodes["c"]);
        await FeedRound("c");
        Nodes["late"] = Ports.Free();
        var late = stream.Add("late", Run("late", WorkByKey));
        await WaitsFor(late, "a", "b");
        Assert.Contains("cluster logs: joining", await Output("status", "--node", "late", "--cluster"), StringComparison.Ordinal);

        var (first, apart) = (stream.Add("a of the younger cluster", Run("a", WorkByKey)), $"The node at 127.0.0.1:{Nodes["a"]} is in another cluster logs: the two have begun apart");
        foreach (var node in (RouterProcess[])[first, late]) await Joins(node);
        foreach (var node in (string[])["c", "d"]) await nodes[node].Reports(line => line.Contains(apart, StringComparison.Ordinal), apart);
        await FeedRound("c");

        // Those of the older cluster have no seed node left, and are started again.
        nodes["c"].EndInput();
        (await nodes["c"].Ends()).AssertBalanced();
        await Task.WhenAll(nodes.Where(node => node.Key is not ("a" or "b" or "c")).Select(node => node.Value.Stops()));
        var (c, d) = (stream.Add("c again", Run("c", FeedByKey)), stream.Add("d again", Run("d", WorkByKey)));
        await AllAreThere(c, first, late, d);
        await KeysAreShared(c, "c", 3);
        await FeedRound("c again");
        c.EndInput();
        (await c.Ends()).AssertBalanced();
        foreach (var node in (RouterProcess[])[first, late, d]) await node.Stops();

        // When the seed nodes were killed, and when it was the other cluster that was fed.
        stream.AssertInOrder(changes: 2);
    }

    /// <summary>Has a node feed messages, and waits until all are written somewhere.</summary>
    private async Task FeedRound(string feeder)
    {
        await stream.Feed(feeder, PerRound);
        await stream.IsWritten(feeder);
    }

    private static string Name(int number) => $"{(char)('a' + number)}";
}
