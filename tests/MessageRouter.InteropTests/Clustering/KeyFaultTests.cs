using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Keys of a stream, while their owners and those who feed it come, sleep and are killed.</summary>
public sealed class KeyFaultTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task A_key_is_one_nodes_and_in_order_while_nodes_join_whoever_feeds_it()
    {
        var a = Run("a", FeedByKey);
        var b = Run("b", """
            inputs { lines { type = stdin, to = feed }, work { type = cluster, stream = jobs, delivery = at-least-once, to = out } }
              outputs { feed { type = cluster, stream = jobs, delivery = at-least-once, route = key, key = k }, out { type = stdout } }
            """);
        await AllAreThere(a, b);
        var sent = 0;
        RouterProcess? c = null;
        for (var round = 0; c is null || !c.Output.Lines.Any(IsMessage); round++)
        {
            if (round == 3) c = Run("c", Work("at-least-once"));
            await a.WriteAsync(Keyed("a", sent, 500));
            await b.WriteAsync(Keyed("b", sent, 500));
            sent += 500;
            await b.Prints(IsMessage, (round + 1) * 20, "messages");
        }
        await a.WriteAsync(Keyed("a", sent, 500));
        await b.WriteAsync(Keyed("b", sent, 500));
        sent += 500;
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        var status = JsonDocument.Parse(await Output("status", "--node", "c", "--cluster", "--format", "json")).RootElement.GetProperty("cluster").GetProperty("streams")[0].GetProperty("keys");
        Assert.Equal(["b 512", "c 512"], status.GetProperty("shares").EnumerateArray().Select(share => $"{share.GetProperty("node")} {share.GetProperty("slots")}"));
        await b.Stops();
        await c.Stops();

        Assert.Equal(2 * sent, Lines(b, c).Distinct().Count());
        Assert.Equal(2 * sent, Lines(b, c).Count());
        foreach (var key in Read(b).GroupBy(each => (each.By, each.Key), each => each.Number)) Assert.Equal(key.Order(), key);
        foreach (var key in Read(c).GroupBy(each => (each.By, each.Key), each => each.Number)) Assert.Equal(key.Order(), key);
    }

    [SkippableFact]
    public async Task Keys_of_a_node_that_is_killed_go_to_another_in_order_and_nothing_is_lost()
    {
        var (a, b, c) = (Run("a", FeedByKey), Run("b", Work("at-least-once")), Run("c", Work("at-least-once")));
        await AllAreThere(a, b, c);
        await a.WriteAsync(Keyed("a", 0, 2000));
        await b.Prints(IsMessage, 100, "messages");

        b.Send(Signal.Kill);
        await b.Exits();
        await a.WriteAsync(Keyed("a", 2000, 2000));
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        await c.Stops();

        Assert.Equal(4000, Lines(b, c).Distinct().Count());
        var had = Read(b).ToLookup(each => each.Key, each => each.Number);
        foreach (var key in Read(c).GroupBy(each => each.Key, each => each.Number))
        {
            // The one may have got the key from the other, who had all before it then; that has all to the last, and neither has a gap. What is between them both had.
            var (all, others) = (Enumerable.Range(0, 4000).Where(number => number % Keys == key.Key).ToList(), key.ToList());
            var first = had[key.Key].Any() ? all.IndexOf(had[key.Key].First()) : 0;
            Assert.Equal(all[first..][..had[key.Key].Count()], had[key.Key]);
            Assert.Equal(all[..first], others[..first]);
            Assert.Equal(all[^(others.Count - first)..], others[first..]);
        }
    }

    [SkippableFact]
    public async Task A_node_that_feeds_by_key_and_sleeps_for_longer_than_it_is_waited_for_goes_on_in_order_when_it_has_joined_anew()
    {
        var (a, b, c) = (Run("a", FeedByKey), Run("b", Work("at-least-once")), Run("c", Work("at-least-once")));
        await AllAreThere(a, b, c);
        await a.WriteAsync(Keyed("a", 0, 2000));
        await b.Prints(IsMessage, 100, "messages");

        a.Send(Signal.Stop);
        await b.Reports(line => line.Contains("Node a", StringComparison.Ordinal) && line.EndsWith("is taken to be gone.", StringComparison.Ordinal), "a to be given up");
        a.Send(Signal.Continue);
        await a.Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), "a to notice");
        await a.WriteAsync(Keyed("a", 2000, 2000));
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        await b.Stops();
        await c.Stops();

        Assert.Equal(4000, Lines(b, c).Distinct().Count());
        foreach (var key in Read(b).Concat(Read(c)).GroupBy(each => each.Key, each => each.Number)) Assert.Equal(key.Distinct().Order(), key.Distinct());
    }
}
