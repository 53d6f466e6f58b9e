using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Nodes that are killed, sleep and are started again while messages go on.</summary>
public sealed class NodeFaultTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task A_node_that_is_killed_costs_no_message_where_nodes_answer_and_comes_back()
    {
        // The first seed node comes last.
        var (b, c) = (Run("b", Work("at-least-once")), Run("c", Work("at-least-once")));
        var a = Run("a", Feed("at-least-once"));
        await AllAreThere(a, b, c);
        await a.WriteAsync(Numbered(0, 2000));
        await b.Prints(line => line.Contains("\"n\"", StringComparison.Ordinal), 200, "messages");

        b.Send(Signal.Kill);
        await b.Exits();
        await a.WriteAsync(Numbered(2000, 1000));
        await a.Reports(line => line.Contains("Node b", StringComparison.Ordinal) && line.EndsWith("is taken to be gone.", StringComparison.Ordinal), "b to be given up");
        var again = Run("b", Work("at-least-once"));
        await again.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "b to be back");
        await again.Starts();
        await LeadsTo(a, "b", times: 2);
        await a.WriteAsync(Numbered(3000, 1000));
        await again.Prints(line => line.Contains("\"n\"", StringComparison.Ordinal), 50, "messages");

        var status = JsonDocument.Parse(await Output("status", "--node", "a", "--cluster", "--format", "json")).RootElement;
        Assert.Equal(["a", "b", "c"], status.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("status").GetProperty("node").GetString()).Order());
        var text = await Output("status", "--node", "a", "--cluster");
        Assert.Contains("cluster logs: up, 3 nodes", text, StringComparison.Ordinal);
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        await again.Stops();
        await c.Stops();

        Assert.Equal(4000, Lines(b, again, c).Distinct().Count());
    }

    [SkippableFact]
    public async Task A_rolling_restart_of_all_nodes_loses_nothing_where_nodes_answer()
    {
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", Work("at-least-once")), ["b"] = Run("b", Work("at-least-once")), ["c"] = Run("c", Feed("at-least-once")) };
        await AllAreThere(nodes["c"], nodes["a"], nodes["b"]);
        List<RouterProcess> workers = [nodes["a"], nodes["b"]];
        var sent = 0;
        foreach (var name in (string[])["a", "c", "b"])
        {
            await FeedMore();
            if (name == "c") nodes[name].EndInput();
            else nodes[name].Send(Signal.Terminate);
            await nodes[name].Ends();
            if (name != "c") await FeedMore();
            nodes[name] = Run(name, name == "c" ? Feed("at-least-once") : Work("at-least-once"));
            if (name != "c") workers.Add(nodes[name]);
            await Joins(nodes[name]);
        }
        await FeedMore();
        nodes["c"].EndInput();

        await nodes["c"].Ends();
        foreach (var name in (string[])["a", "b"]) await nodes[name].Stops();
        Assert.Equal(sent, Lines([.. workers]).Distinct().Count());

        Task FeedMore()
        {
            sent += 1000;
            return nodes["c"].WriteAsync(Numbered(sent - 1000, 1000));
        }
    }

    [SkippableFact]
    public async Task A_node_that_drops_something_when_it_stops_leaves_all_the_same()
    {
        var (a, b) = (Run("a", Feed("at-least-once")), Run("b", """
            inputs { work { type = cluster, stream = jobs, delivery = at-least-once, to = out }, lines { type = stdin, to = full } }
              outputs { out { type = stdout }, full { type = file, path = "/dev/full" } }
            """));
        await AllAreThere(a, b);
        await b.WriteAsync(Numbered(0, 1));
        await b.Reports(line => line.Contains("outputs.full", StringComparison.Ordinal) && line.Contains("Failed: ", StringComparison.Ordinal), "the disk to be full");

        b.Send(Signal.Terminate);

        Assert.Equal(75, await b.Exits());
        b.FinalLedger().AssertBalanced();
        await a.Reports(line => line.EndsWith($"Node b (127.0.0.1:{Nodes["b"]}) has left.", StringComparison.Ordinal), "b to leave");
        a.EndInput();
        await a.Ends();
    }

    [SkippableFact]
    public async Task A_node_that_sleeps_for_longer_than_it_is_waited_for_joins_anew()
    {
        var (a, b, c) = (Run("a", Feed("at-most-once")), Run("b", Work("at-most-once")), Run("c", Work("at-most-once")));
        await AllAreThere(a, b, c);

        b.Send(Signal.Stop);
        await a.Reports(line => line.Contains("Node b", StringComparison.Ordinal) && line.EndsWith("is taken to be gone.", StringComparison.Ordinal), "b to be given up");
        await a.Reports(line => line.Contains("Worker b", StringComparison.Ordinal) && line.Contains("is gone", StringComparison.Ordinal), "messages to lead to b no more");
        await a.WriteAsync(Numbered(0, 100));
        await c.Prints(line => line.Contains("\"n\"", StringComparison.Ordinal), 100, "messages, since nobody else is there");
        b.Send(Signal.Continue);

        await b.Reports(line => line.Contains("it joins anew", StringComparison.Ordinal), "b to notice");
        await Reports(a, line => line.Contains("Node b", StringComparison.Ordinal) && line.Contains("is there", StringComparison.Ordinal), 2, "b to be back");
        a.EndInput();
        await a.Ends();
        await b.Stops();
        await c.Stops();
    }
}
