using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Keys of a stream, while their owners and those who feed it come, sleep and are killed.</summary>
public sealed class KeyFaultTests(ITestOutputHelper output) : ClusterTest(output)
{
    private readonly KeyedStream stream = new();

    [SkippableFact]
    public async Task A_key_is_one_nodes_and_in_order_while_nodes_join_whoever_feeds_it()
    {
        var (a, b) = (stream.Add("a", Run("a", FeedByKey)), stream.Add("b", Run("b", FeedAndWorkByKey)));
        await AllAreThere(a, b);
        var rounds = 0;
        RouterProcess? c = null;
        while (c is null || !c.Output.Lines.Any(IsMessage))
        {
            if (rounds == 3) c = stream.Add("c", Run("c", WorkByKey));
            await FeedBoth();
            await b.Prints(IsMessage, rounds * 20, "messages");
        }
        await FeedBoth();
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        var status = JsonDocument.Parse(await Output("status", "--node", "c", "--cluster", "--format", "json")).RootElement.GetProperty("cluster").GetProperty("streams")[0].GetProperty("keys");
        Assert.Equal(["b 512", "c 512"], status.GetProperty("shares").EnumerateArray().Select(share => $"{share.GetProperty("node")} {share.GetProperty("slots")}"));
        await b.Stops();
        await c.Stops();

        await stream.IsWritten();
        Assert.Equal(2 * 500 * rounds, stream.History.Count);
        stream.AssertInOrder(changes: 1);

        async Task FeedBoth()
        {
            foreach (var node in (string[])["a", "b"]) await stream.Feed(node, 500);
            rounds++;
        }
    }

    [SkippableFact]
    public async Task Keys_of_a_node_that_is_killed_go_to_others_in_order_though_it_has_fed_them_too_and_decided_whose_they_are()
    {
        var (a, b, c) = (stream.Add("a", Run("a", FeedAndWorkByKey)), stream.Add("b", Run("b", FeedAndWorkByKey)), stream.Add("c", Run("c", WorkByKey)));
        await AllHaveJoined(new() { ["a"] = a, ["b"] = b, ["c"] = c });
        await a.Reports(line => line.Contains("begins the cluster logs", StringComparison.Ordinal), "a to be the oldest");
        await KeysAreShared(b, "b", 3);
        stream.Begin("b", KeyedStream.AllKeys);
        await stream.Feed("a", 2000);
        await a.Prints(IsMessage, 100, "messages");

        a.Send(Signal.Kill);
        await a.Exits();
        await KeysAreShared(b, "b", 2);
        await stream.EndFeeding();
        await stream.Feed("b", 2000);
        await stream.IsWritten("b");
        await b.Stops();
        await c.Stops();

        stream.AssertInOrder(changes: 1);
        foreach (var key in stream.History.Where(write => write.Feeder == "a").GroupBy(write => write.Key, write => write.Number))
        {
            // What it had not given to anybody, or itself had, is gone with it; there is no gap before.
            var all = Enumerable.Range(0, 2000).Where(number => number % KeyedStream.Keys == key.Key);
            Assert.Equal(all.Take(key.Distinct().Count()), key.Distinct().Order());
        }
    }

    [SkippableFact]
    public async Task A_node_that_feeds_and_takes_by_key_and_sleeps_until_it_is_given_up_writes_no_more_than_it_had_and_goes_on_in_order_when_it_has_joined_anew()
    {
        var slow = FeedAndWorkByKey.Replace("to = written", "to = held", StringComparison.Ordinal).Replace("filters {", "filters { held { type = delay, delay = 1s, to = written },", StringComparison.Ordinal);
        var (a, b, c) = (stream.Add("a", Run("a", FeedByKey)), stream.Add("b", Run("b", slow)), stream.Add("c", Run("c", WorkByKey)));
        await AllHaveJoined(new() { ["a"] = a, ["b"] = b, ["c"] = c });
        await KeysAreShared(a, "a", 2);
        foreach (var feeder in (string[])["a", "b"]) stream.Begin(feeder, KeyedStream.AllKeys);
        await b.Prints(IsMessage, 100, "messages");

        b.Send(Signal.Stop);
        var asleep = stream.Now;
        await IsTakenToBeGone("b", seenBy: a);
        await stream.IsWritten("a");
        var awake = stream.Now;
        b.Send(Signal.Continue);
        await b.Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), "b to notice");
        await KeysAreShared(a, "a", 2);
        await stream.EndFeeding();
        foreach (var feeder in (string[])["a", "b"]) await stream.Feed(feeder, 400);
        await stream.IsWritten();
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        await b.Stops();
        await c.Stops();

        stream.AssertInOrder(changes: 2);
        Assert.Contains(stream.History, write => write.Node == "b" && write.Fed < asleep && write.Written > awake);
        var others = stream.History.Where(write => write.Node == "c").Select(write => (write.Feeder, write.Number)).ToHashSet();
        Assert.DoesNotContain(stream.History, write => write.Node == "b" && write.Fed > asleep && others.Contains((write.Feeder, write.Number)));
    }
}
