namespace MessageRouter.InteropTests.Clustering;

/// <summary>Nodes whose clocks somebody sets while messages go on; what is measured, and not read off a clock, goes on as it was.</summary>
public sealed class ClockTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task Clocks_that_jump_cost_no_message_and_no_node_and_whoever_would_join_meanwhile_is_told_why_not()
    {
        Requires.FakeTime();
        foreach (var node in Nodes.Keys) Set(node, "+0");
        RouterProcess? again = null;
        var (a, b, c) = (Run("a", FeedByKey), Run("b", Work("at-least-once")), Run("c", Work("at-least-once")));
        await AllAreThere(a, b, c);
        var sent = 0;
        await Send();

        Set("b", "+2h");
        await Send();
        Set("a", "-2h");
        await Send();

        // Who decides where keys go has the clock of two hours ago, and what it had decided then is of later.
        await c.Stops();
        await Send();
        again = Run("c", Work("at-least-once"));
        await again.Reports(line => line.Contains("the clock of c is 7", StringComparison.Ordinal) && line.Contains("ahead of that of a", StringComparison.Ordinal), "c to be told why it may not join");
        Set("a", "+0");
        Set("b", "+0");
        await again.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "c to join when the clocks are right");
        await LeadsTo(a, "c", times: 2);
        while (!again.Output.Lines.Any(IsMessage)) await Send();

        a.EndInput();
        (await a.Ends()).AssertBalanced();
        await b.Stops();
        await again.Stops();
        Assert.Equal(sent, Lines(b, c, again).Count());
        Assert.Equal(sent, Lines(b, c, again).Distinct().Count());
        Assert.All(new[] { b, c, again }, node => Assert.All(Read(node).GroupBy(each => each.Key, each => each.Number), key => Assert.Equal(key.Order(), key)));
        Assert.All(new[] { a, b, c, again }, node => Assert.DoesNotContain(node.Errors.Lines, line => line.EndsWith("is taken to be gone.", StringComparison.Ordinal) || line.Contains("joins anew", StringComparison.Ordinal)));

        async Task Send()
        {
            await a.WriteAsync(Keyed("a", sent, 500));
            sent += 500;
            await a.Until(() => Lines(b, c).Count() + (again is null ? 0 : Lines(again).Count()) == sent, "all messages");
        }
    }

    // The monotonic clock is the system's, and so are waits by it: nobody can set that one.
    private RouterProcess Run(string node, string components) => RunNode(
        Config(node, components),
        "env", $"LD_PRELOAD={Requires.FakeTimeLibrary}", $"FAKETIME_TIMESTAMP_FILE={Files[$"clock-{node}"]}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_FORCE_MONOTONIC_FIX=0", "NO_FAKE_STAT=1");

    private void Set(string node, string clock)
    {
        File.WriteAllText(Files["clock"], clock + "\n");
        File.Move(Files["clock"], Files[$"clock-{node}"], overwrite: true);
    }
}
