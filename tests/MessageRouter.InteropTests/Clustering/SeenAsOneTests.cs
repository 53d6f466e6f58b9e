namespace MessageRouter.InteropTests.Clustering;

/// <summary>All nodes as one of them shows them.</summary>
public sealed class SeenAsOneTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task All_nodes_are_seen_as_one_and_one_that_is_killed_is_away_until_it_is_back()
    {
        var (a, b, c) = (Run("a", Feed("at-least-once")), Run("b", Work("at-least-once")), Run("c", Work("at-least-once")));
        await AllAreThere(a, b, c);
        await a.WriteAsync(Numbered(0, 1000));
        await a.Until(async () => await Output("ledger", "check", "--node", "a", "--cluster") is var sum && sum.EndsWith("3 ledgers, 2 links with both ends: 1000 sent = 1000 received + 0 lost", StringComparison.Ordinal), "all to have come");
        var graph = await Output("graph", "--node", "c", "--cluster");
        foreach (var end in (string[])["outputs.feed of a", "inputs.work of b", "inputs.work of c"]) Assert.Contains(end, graph, StringComparison.Ordinal);

        var top = MessageRouter("top", "--node", "b", "--cluster");
        await top.Prints(line => line.EndsWith(" logs: up, 3 nodes", StringComparison.Ordinal), 2, "tables of all nodes");
        b.Send(Signal.Kill);
        await b.Exits();
        await a.WriteAsync(Numbered(1000, 1000));
        await top.Prints(line => line.EndsWith(" logs: up, 2 nodes, 1 away", StringComparison.Ordinal), 1, "b to be away");
        await top.Prints(line => line.StartsWith("b is gone for the others", StringComparison.Ordinal), 1, "b to be given up, and shown all the same");
        await a.Until(async () => await Output("ledger", "check", "--node", "c", "--cluster") is var sum && AllHasCome(sum), "all to have come to c");

        var again = Run("b", Work("at-least-once"));
        await top.Prints(line => line.StartsWith("b came back", StringComparison.Ordinal) && line.EndsWith(", as a new run", StringComparison.Ordinal), 1, "its return");
        await again.Starts();
        await LeadsTo(a, "b", times: 2);
        await a.WriteAsync(Numbered(2000, 1000));
        await again.Prints(line => line.Contains("\"n\"", StringComparison.Ordinal), 1, "messages");
        await a.Until(async () => await Output("ledger", "check", "--node", "b", "--cluster") is var sum && AllHasCome(sum) && sum.Contains("3 ledgers, 3 links", StringComparison.Ordinal), "every message to be accounted for");
        top.Send(Signal.Interrupt);
        await top.Exits();
        a.EndInput();
        await a.Ends();
        await again.Stops();
        await c.Stops();

        // What b had and was not answered for went to c.
        static bool AllHasCome(string sum) => !sum.Contains("under way", StringComparison.Ordinal) && !sum.Contains("DOES NOT", StringComparison.Ordinal) && sum.Contains(" + 0 lost", StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Streams_that_lead_round_over_two_nodes_are_said_to_once_by_each_until_a_reload_has_ended_that()
    {
        var (a, b) = (Run("a", Leads("jobs", "results")), Run("b", Leads("results", "jobs")));
        const string circle = "Messages can go round: `jobs` on a -> `results` on b -> `jobs`";

        foreach (var node in (RouterProcess[])[a, b]) await node.Reports(line => line.Contains(circle, StringComparison.Ordinal), circle);
        foreach (var command in (string[])["status", "top", "graph"])
            Assert.Contains(circle, await Output([command, "--node", "b", "--cluster", .. command == "top" ? ["--count", "1"] : Array.Empty<string>()]), StringComparison.Ordinal);

        // Only where it leads is another thing: neither end of a stream has changed.
        var file = await File.ReadAllTextAsync(Files["node2.conf"]);
        await File.WriteAllTextAsync(Files["node2.conf"], file.Replace("to = out }", "to = nothing }", StringComparison.Ordinal));
        await Output("reload", "--node", "b", "--yes");
        await a.Until(async () => !(await Output("status", "--node", "a", "--cluster")).Contains(circle, StringComparison.Ordinal), "it to be no more");
        foreach (var node in (RouterProcess[])[a, b])
        {
            Assert.Single(node.Errors.Lines, line => line.Contains(circle, StringComparison.Ordinal));
            await node.Stops();
        }

        static string Leads(string from, string to) => $$"""
            inputs { work { type = cluster, stream = {{from}}, to = out }, idle { type = null, to = [out, nothing] } }
              outputs { out { type = cluster, stream = {{to}} }, nothing { type = null } }
            """;
    }

    [SkippableFact]
    public async Task Members_reload_their_own_files_one_after_the_other_where_they_let_others_have_them_do_that()
    {
        using var authority = Authority("The cluster");
        await File.WriteAllTextAsync(Files["trust.pem"], authority.ExportCertificatePem());
        foreach (var name in (string[])["a", "b", "c"]) Issue(authority, name);
        var (a, b, c) = (Run("a", Feed("at-most-once"), Tls("a")), Run("b", Work("at-most-once"), Reloads("b")), Run("c", Work("at-most-once"), Tls("c")));
        await AllAreThere(a, b, c);
        foreach (var file in (string[])["node1.conf", "node2.conf", "node3.conf"])
        {
            var text = await File.ReadAllTextAsync(Files[file]);
            await File.WriteAllTextAsync(Files[file], text.Replace("to = ", "mailbox.capacity = 5000, to = ", StringComparison.Ordinal));
        }

        var refused = MessageRouter("reload", "--node", "a", "--cluster", "--yes");
        Assert.Equal(77, await refused.Exits());
        Assert.Contains(refused.Errors.Lines, line => line.Contains("c does not let others have it reload: its `router.cluster.control` is `none`", StringComparison.Ordinal));
        await c.Reports(line => line.Contains("a has asked this node what a reload would do: c does not let others", StringComparison.Ordinal), "who has asked it");

        await c.Stops();
        await a.Reports(line => line.EndsWith("has left.", StringComparison.Ordinal), "c to be gone");
        var done = await Output("reload", "--node", "a", "--cluster", "--yes");
        Assert.Matches(@"(?s)a: Revision 2 .*b: Revision 2 .*a: revision 2 is in force.*b: revision 2 is in force", done);
        await b.Reports(line => line.Contains("inputs.work changed in place", StringComparison.Ordinal), "b to be what its file says");
        a.EndInput();
        await a.Ends();
        await b.Stops();
    }
}
