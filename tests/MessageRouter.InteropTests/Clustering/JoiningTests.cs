namespace MessageRouter.InteropTests.Clustering;

/// <summary>Who becomes a node of a cluster, and what it costs not to be one.</summary>
public sealed class JoiningTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task Who_does_not_belong_is_refused_with_a_reason_on_both_sides()
    {
        var a = Run("a", Work("at-most-once"));
        await a.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the cluster to begin");

        await IsRefused("b", Config("b", Work("at-most-once"), name: "other"), "is a node of the cluster logs, and other-b one of other");
        await IsRefused("c", Config("c", Work("at-most-once")).Replace("name = c\n", "name = a\n", StringComparison.Ordinal), $"there is a node a already, at 127.0.0.1:{Nodes["a"]}");

        await a.Stops();

        async Task IsRefused(string node, string configuration, string reason)
        {
            configuration = configuration.Replace("name = b\n", "name = other-b\n", StringComparison.Ordinal);
            var stranger = RunNode(configuration);
            await stranger.Reports(line => line.Contains("This node was refused", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal), reason);
            await a.Reports(line => line.Contains("wanted to join and was refused", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal), reason);
            await stranger.Stops();
        }
    }

    [SkippableFact]
    public async Task Two_clusters_that_are_looked_for_at_one_place_are_said_to_be_whether_they_have_one_name_or_two()
    {
        // Each alone at first, so that each begins a cluster.
        Files.Write("a.txt", $"127.0.0.1:{Nodes["a"]}\n");
        Files.Write("b.txt", $"127.0.0.1:{Nodes["b"]}\n");
        Files.Write("c.txt", $"127.0.0.1:{Nodes["c"]}\n");
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Alone("a", "logs"), ["b"] = Alone("b", "logs"), ["c"] = Alone("c", "other") };
        foreach (var node in nodes.Values) await node.Reports(line => line.Contains("This node is one of the cluster", StringComparison.Ordinal), "its cluster to begin");

        foreach (var file in (string[])["a.txt", "b.txt", "c.txt"]) Files.Write(file, string.Concat(Nodes.Values.Select(port => $"127.0.0.1:{port}\n")));

        await Says("a", $"The node at 127.0.0.1:{Nodes["b"]} is in another cluster logs");
        await Says("b", $"The node at 127.0.0.1:{Nodes["a"]} is in another cluster logs");
        await Says("a", $"The node at 127.0.0.1:{Nodes["c"]}, where nodes of the cluster logs are looked for, is none of them: c is a node of the cluster other, and a one of logs");
        await Says("c", $"The node at 127.0.0.1:{Nodes["a"]}, where nodes of the cluster other are looked for, is none of them");
        foreach (var (name, node) in nodes)
        {
            Assert.Contains("warnings:", await Output("status", "--node", name, "--cluster"), StringComparison.Ordinal);
            await node.Stops();
        }

        RouterProcess Alone(string node, string cluster) => RunNode(Config(node, Work("at-most-once"), name: cluster)
            .Replace($"seed-nodes = [\"127.0.0.1:{Nodes["a"]}\", \"127.0.0.1:{Nodes["b"]}\"]", $"discovery {{ method = file, path = {node}.txt }}", StringComparison.Ordinal));

        Task Says(string node, string text) => nodes[node].Reports(line => line.Contains(text, StringComparison.Ordinal), text);
    }

    [SkippableFact]
    public async Task With_tls_only_those_join_who_have_a_certificate_of_an_authority_that_is_trusted()
    {
        using var authority = Authority("The cluster");
        using var stranger = Authority("A stranger");
        await File.WriteAllTextAsync(Files["trust.pem"], authority.ExportCertificatePem());
        foreach (var (name, issuer) in new[] { ("a", authority), ("b", authority), ("c", stranger) }) Issue(issuer, name);
        var (a, b) = (Run("a", Work("at-most-once"), Tls("a")), Run("b", Feed("at-most-once"), Tls("b")));
        await AllAreThere(b, a);

        var c = Run("c", Work("at-most-once"), Tls("c"));
        await a.Reports(line => line.Contains("A certificate was refused: CN=c, issued by CN=A stranger, is not one of the authorities", StringComparison.Ordinal), "the stranger to be refused");
        await c.Reports(line => line.Contains($"The connection to 127.0.0.1:{Nodes["a"]} failed", StringComparison.Ordinal), "the stranger to be told");
        await b.WriteAsync(Numbered(0, 10));

        await a.Prints(line => line.Contains("\"n\"", StringComparison.Ordinal), 10, "messages");
        b.EndInput();
        await b.Ends();
        await a.Stops();
        await c.Stops();
    }

    [SkippableFact]
    public async Task Nodes_find_each_other_by_names_that_lead_to_their_addresses_and_by_those_that_they_have_themselves()
    {
        var (a, b) = (RunNode(Named("a")), RunNode(Named("b")));
        await a.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the cluster to begin");
        await b.Reports(line => line.Contains($"This node is one of the cluster logs, at 127.0.0.1:{Nodes["b"]}, with 1 others", StringComparison.Ordinal), "the node to join");
        await b.Stops();
        await a.Stops();

        // The first one calls itself by a name, and the second one by its address.
        var (c, d) = (RunNode(Named("a").Replace("seed-nodes", "advertise = localhost, seed-nodes", StringComparison.Ordinal)), RunNode(Named("b")));
        await c.Reports(line => line.Contains($"This node is one of the cluster logs, at localhost:{Nodes["a"]}", StringComparison.Ordinal), "the cluster to begin");
        await d.Reports(line => line.Contains($"This node is one of the cluster logs, at 127.0.0.1:{Nodes["b"]}, with 1 others", StringComparison.Ordinal), "the node to join");
        await d.Stops();
        await c.Stops();

        string Named(string node) => Config(node, Work("at-most-once"))
            .Replace($"seed-nodes = [\"127.0.0.1:{Nodes["a"]}\", \"127.0.0.1:{Nodes["b"]}\"]", $"seed-nodes = [\"localhost:{Nodes["a"]}\", \"localhost:{Nodes["b"]}\"]", StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Of_nodes_that_are_all_named_any_may_be_away_and_one_that_is_started_again_alone_begins_no_second_cluster()
    {
        var c = RunNode(Listed("c"));
        await Waits(c);
        var b = RunNode(Listed("b"));
        foreach (var node in (RouterProcess[])[b, c]) await Joins(node);
        var a = RunNode(Listed("a"));
        await a.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal) && line.Contains("with 2 others", StringComparison.Ordinal), "the last one to join");
        foreach (var node in (RouterProcess[])[a, b, c]) await node.Stops();

        foreach (var name in (string[])["a", "b", "c"])
        {
            var alone = RunNode(Listed(name));
            await Waits(alone);
            await alone.Stops();
        }

        string Listed(string node) => Config(node, Work("at-most-once"))
            .Replace($"seed-nodes = [\"127.0.0.1:{Nodes["a"]}\", \"127.0.0.1:{Nodes["b"]}\"]", $"discovery {{ method = config, addresses = [\"127.0.0.1:{Nodes["b"]}\", \"127.0.0.1:{Nodes["a"]}\", \"127.0.0.1:{Nodes["c"]}\"] }}", StringComparison.Ordinal);

        static Task Waits(RouterProcess node) => node.Reports(line => line.Contains("`discovery` wants 2 of its nodes before a cluster begins, and nobody answers at 127.0.0.1:", StringComparison.Ordinal), "the node to wait for others");

        static Task Joins(RouterProcess node) => node.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the node to join");
    }

    [SkippableFact]
    public async Task A_connection_that_is_said_to_be_a_nodes_and_leads_nowhere_does_not_keep_a_node_from_joining()
    {
        var b = RunNode(Config("b", Work("at-most-once")).Replace($", \"127.0.0.1:{Nodes["b"]}\"", "", StringComparison.Ordinal));
        await b.Listens(Nodes["b"]);
        using var nowhere = await SilentAssociation.OpenAsync(Nodes["b"], Nodes["a"]);
        await nowhere.IsUsedAsync();

        var a = RunNode(Config("a", Work("at-most-once")).Replace($", \"127.0.0.1:{Nodes["b"]}\"", "", StringComparison.Ordinal));

        await b.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the node to join");
        await b.Stops();
        await a.Stops();
    }

    [SkippableFact]
    public async Task Where_somebody_listens_and_never_answers_a_node_starts_its_part_anew()
    {
        var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, Nodes["a"]);
        silent.Start();
        var b = RunNode(Config("b", Work("at-most-once")));
        await b.Reports(line => line.Contains($"Somebody listens at 127.0.0.1:{Nodes["a"]}, and does not answer", StringComparison.Ordinal), "the node to start its part anew");
        silent.Stop();

        var a = Run("a", Work("at-most-once"));

        foreach (var node in (RouterProcess[])[a, b]) await node.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the node to join");
        await b.Stops();
        await a.Stops();
    }

    [SkippableFact]
    public async Task The_first_seed_node_begins_no_other_cluster_where_one_of_it_listens_and_is_slow_to_answer()
    {
        var (a, b) = (Run("a", Work("at-most-once")), Run("b", Work("at-most-once")));
        await AllHaveJoined(new() { ["a"] = a, ["b"] = b });
        await a.Stops();
        await b.Reports(line => line.EndsWith("has left.", StringComparison.Ordinal), "a to be gone");

        b.Send(Signal.Stop);
        var again = Run("a", Work("at-most-once"));
        await again.Reports(line => line.Contains($"somebody listens at 127.0.0.1:{Nodes["b"]}, and does not answer yet", StringComparison.Ordinal), "a to wait for b");
        b.Send(Signal.Continue);

        await again.Reports(line => line.Contains($"This node is one of the cluster logs, at 127.0.0.1:{Nodes["a"]}, with 1 others", StringComparison.Ordinal), "a to join");
        await again.Stops();
        await b.Stops();
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_loads_nothing_of_it_where_it_is_in_none(bool isInOne)
    {
        var node = isInOne ? Run("a", Work("at-most-once")) : RunNode("router { inputs { in { type = stdin, to = out } }, outputs { out { type = null } } }");
        await node.Starts();

        foreach (var assembly in (string[])["MessageRouter.Cluster.dll", "Akka.Cluster.dll", "Akka.Remote.dll", "DotNetty"]) Assert.Equal(isInOne, node.HasLoaded(assembly));
        await node.Stops();
    }

    [SkippableFact]
    public async Task An_address_that_is_taken_is_said_with_its_place()
    {
        var a = Run("a", Work("at-most-once"));
        await a.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the cluster to begin");

        var second = RunNode(Config("b", Work("at-most-once")).Replace($"bind = \"127.0.0.1:{Nodes["b"]}\"", $"bind = \"127.0.0.1:{Nodes["a"]}\"", StringComparison.Ordinal));

        Assert.Equal(69, await second.Exits());
        Assert.Contains(second.Errors.Lines, line => line.Contains($"error: the node cannot be one of its cluster: 127.0.0.1:{Nodes["a"]} cannot be listened at", StringComparison.Ordinal));
        Assert.Contains(second.Errors.Lines, line => line.Contains("node2.conf:4:", StringComparison.Ordinal));
        await a.Stops();
    }
}
