using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace MessageRouter.InteropTests;

/// <summary>Nodes that are one cluster, each a process of its own, which are killed, stopped and started again.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly Dictionary<string, int> ports = new() { ["a"] = Ports.Free(), ["b"] = Ports.Free(), ["c"] = Ports.Free() };

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
        await Reports(a, line => line.Contains("Worker b (tcp://127.0.0.1:", StringComparison.Ordinal) && line.Contains("is connected", StringComparison.Ordinal), 2, "messages to lead to b again");
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
    public async Task A_rolling_restart_of_all_nodes_loses_nothing_where_nodes_answer()
    {
        Dictionary<string, RouterProcess> nodes = new() { ["a"] = Run("a", Work("at-least-once")), ["b"] = Run("b", Work("at-least-once")), ["c"] = Run("c", Feed("at-least-once")) };
        await AllAreThere(nodes["c"], nodes["a"], nodes["b"]);
        List<RouterProcess> workers = [nodes["a"], nodes["b"]];
        var feeder = nodes["c"];
        var sent = 0;
        foreach (var name in (string[])["a", "b"])
        {
            await feeder.WriteAsync(Numbered(sent, 1000));
            sent += 1000;
            (await nodes[name].Stops()).AssertBalanced();
            await feeder.WriteAsync(Numbered(sent, 1000));
            sent += 1000;
            nodes[name] = Run(name, Work("at-least-once"));
            workers.Add(nodes[name]);
            await nodes[name].Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), $"{name} to be back");
        }
        feeder.EndInput();

        await feeder.Ends();
        foreach (var name in (string[])["a", "b"]) await nodes[name].Stops();
        Assert.Equal(sent, Lines([.. workers]).Distinct().Count());
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
            // What the one had begins with the first and what the other had ends with the last, and neither has a gap; what is between them both had.
            var all = Enumerable.Range(0, 4000).Where(number => number % Keys == key.Key).ToList();
            Assert.Equal(all[..had[key.Key].Count()], had[key.Key]);
            Assert.Equal(all[^key.Count()..], key);
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

    [SkippableFact]
    public async Task Who_does_not_belong_is_refused_with_a_reason_on_both_sides()
    {
        var a = Run("a", Work("at-most-once"));
        await a.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the cluster to begin");

        await IsRefused("b", Config("b", Work("at-most-once"), name: "other"), "is a node of the cluster logs, and other-b one of other");
        await IsRefused("c", Config("c", Work("at-most-once")).Replace("name = c\n", "name = a\n", StringComparison.Ordinal), $"there is a node a already, at 127.0.0.1:{ports["a"]}");

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
        await c.Reports(line => line.Contains($"The connection to 127.0.0.1:{ports["a"]} failed", StringComparison.Ordinal), "the stranger to be told");
        await b.WriteAsync(Numbered(0, 10));

        await a.Prints(line => line.Contains("\"n\"", StringComparison.Ordinal), 10, "messages");
        b.EndInput();
        await b.Ends();
        await a.Stops();
        await c.Stops();
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

        var second = RunNode(Config("b", Work("at-most-once")).Replace($"bind = \"127.0.0.1:{ports["b"]}\"", $"bind = \"127.0.0.1:{ports["a"]}\"", StringComparison.Ordinal));

        Assert.Equal(69, await second.Exits());
        Assert.Contains(second.Errors.Lines, line => line.Contains($"error: the node cannot be one of its cluster: 127.0.0.1:{ports["a"]} cannot be listened at", StringComparison.Ordinal));
        Assert.Contains(second.Errors.Lines, line => line.Contains("node2.conf:4:", StringComparison.Ordinal));
        await a.Stops();
    }

    /// <summary>Waits until all have joined, and the stream leads from the one that feeds it to all others.</summary>
    private static async Task AllAreThere(RouterProcess feeder, params IReadOnlyList<RouterProcess> others)
    {
        IReadOnlyList<RouterProcess> nodes = [feeder, .. others];
        foreach (var node in nodes)
        {
            await node.Starts();
            await node.Reports(line => line.Contains("This node is one of the cluster logs", StringComparison.Ordinal), "the node to join");
        }
        foreach (var node in nodes) await Reports(node, line => line.Contains("is there.", StringComparison.Ordinal), others.Count, "the others to be there");
        await feeder.Reports(line => line.Contains(FormattableString.Invariant($"workers are there now: {others.Count}"), StringComparison.Ordinal), "the stream to lead to the others");
    }

    private static Task Reports(RouterProcess node, Func<string, bool> match, int count, string what) => node.Until(() => node.Errors.Lines.Count(match) >= count, what);

    private RouterProcess Run(string name, string components, string tls = "") => RunNode(Config(name, components, tls));

    private string Config(string node, string components, string tls = "", string name = "logs") => $$"""
        router {
          name = {{node}}
          cluster {
            name = {{name}}, bind = "127.0.0.1:{{ports[node]}}", {{tls}}
            seed-nodes = ["127.0.0.1:{{ports["a"]}}", "127.0.0.1:{{ports["b"]}}"]
            split-brain.stable-after = 1s
          }
          {{components}}
        }
        """;

    private static string Work(string delivery) => $$"""
        inputs { work { type = cluster, stream = jobs, delivery = {{delivery}}, to = out } }
          outputs { out { type = stdout } }
        """;

    private static string Feed(string delivery) => $$"""
        inputs { lines { type = stdin, to = feed } }
          outputs { feed { type = cluster, stream = jobs, delivery = {{delivery}} } }
        """;

    private const string FeedByKey = """
        inputs { lines { type = stdin, to = feed } }
          outputs { feed { type = cluster, stream = jobs, delivery = at-least-once, route = key, key = k } }
        """;

    private const int Keys = 40;

    private static IEnumerable<string> Keyed(string by, int from, int count) => Enumerable.Range(from, count).Select(n => $$"""{"n":{{n}},"k":{{n % Keys}},"by":"{{by}}"}""");

    private static bool IsMessage(string line) => line.Contains("\"n\"", StringComparison.Ordinal);

    private static List<(string By, int Key, int Number)> Read(RouterProcess node) =>
        [.. Lines(node).Select(line => JsonDocument.Parse(line).RootElement).Select(body => (body.GetProperty("by").GetString()!, body.GetProperty("k").GetInt32(), body.GetProperty("n").GetInt32()))];

    private string Reloads(string node) => $"control = reload, {Tls(node)}";

    private string Tls(string node) => $$"""tls { certificate = "{{node}}.pem", key = "{{node}}.key", trust = trust.pem }""";

    private static IEnumerable<string> Numbered(int from, int count) => Enumerable.Range(from, count).Select(n => $$"""{"n":{{n}}}""");

    private static IEnumerable<string> Lines(params IEnumerable<RouterProcess> nodes) => nodes.SelectMany(node => node.Output.Lines).Where(line => line.Contains("\"n\"", StringComparison.Ordinal));

    private async Task<string> Output(params IEnumerable<string> arguments)
    {
        var command = MessageRouter(arguments);
        Assert.True(await command.Exits() == 0, command.Describe());
        return string.Join('\n', command.Output.Lines);
    }

    private void Issue(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(authority, Now.AddDays(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Files[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(Files[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(Files[$"{name}.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest($"CN={name}", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }
}
