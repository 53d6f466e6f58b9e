using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Distribution;
using MessageRouter.Hosting;
using MessageRouter.Cluster.Streams;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

public sealed class ClusterReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_node_is_in_no_cluster_where_there_is_no_block() => Assert.Null(Read("").Cluster);

    [Fact]
    public void Every_key_is_read_and_paths_are_relative_to_the_file()
    {
        var cluster = Read("""
            cluster {
              name = logs
              bind = "0.0.0.0:4054"
              advertise = a.example
              seed-nodes = ["a.example:4054", "10.0.0.2", "[::1]:4055"]
              roles = [edge, worker]
              tls { certificate = cert.pem, key = /etc/key.pem, trust = ca.pem }
              control = reload
              split-brain { strategy = static-quorum, stable-after = 5s, quorum = 2 }
            }
            """).Cluster!.Options;

        Assert.Equal(("logs", "0.0.0.0:4054", new ClusterAddress("a.example", 4054)), (cluster.Name, cluster.BindEndPoint.ToString(), cluster.Address));
        Assert.Equal([new ClusterAddress("a.example", 4054), new ClusterAddress("10.0.0.2", 4053), new ClusterAddress("::1", 4055)], cluster.Seeds);
        Assert.Equal(["edge", "worker"], cluster.Roles);
        Assert.Equal(ClusterControl.Reload, cluster.Control);
        Assert.Equal((_folder["cert.pem"], "/etc/key.pem", _folder["ca.pem"]), (cluster.Tls!.Certificate, cluster.Tls.Key, cluster.Tls.Trust));
        Assert.Equal(new SplitBrainOptions { Strategy = SplitBrainStrategy.StaticQuorum, StableAfter = TimeSpan.FromSeconds(5), Quorum = 2 }, cluster.SplitBrain);
    }

    [Fact]
    public void Nodes_are_found_by_a_name_among_pods_or_in_a_file_beside_the_files_own()
    {
        var dns = Read("""cluster { name = logs, bind = "0.0.0.0:4054", insecure = true, advertise = 10.0.0.2, discovery { method = dns, name = router.example, port = 4054, nodes = 3 } }""").Cluster!.Options.Discovery;
        var file = Read("cluster { name = logs, discovery { method = file, path = nodes.txt } }").Cluster!.Options.Discovery;

        Assert.Equal(new DiscoveryOptions { Method = DiscoveryMethod.Dns, Name = "router.example", Port = 4054, Nodes = 3 }, dns);
        var pods = Read("""cluster { name = logs, bind = "0.0.0.0:4054", insecure = true, advertise = 10.0.0.2, discovery { method = kubernetes, selector = "cluster=logs", namespace = team-1, port = 4054, nodes = 3 } }""").Cluster!.Options.Discovery;
        Assert.Equal(new DiscoveryOptions { Method = DiscoveryMethod.Kubernetes, Selector = "cluster=logs", Namespace = "team-1", Port = 4054, Nodes = 3 }, pods);
        Assert.Equal(new DiscoveryOptions { Method = DiscoveryMethod.File, Path = _folder["nodes.txt"] }, file);
        Assert.Equal((3, 2), (dns!.Needed, (dns with { Nodes = null }).Needed));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("", 2, 2)]
    [InlineData("", 3, 2)]
    [InlineData("", 4, 3)]
    [InlineData(", nodes = 2", 4, 2)]
    public void All_nodes_may_be_named_and_more_than_half_of_them_are_needed_where_nothing_else_is_said(string nodes, int count, int needed)
    {
        var discovery = Read($"cluster {{ name = logs, discovery {{ method = config, addresses = [{string.Join(", ", Enumerable.Range(1, count).Select(n => $"\"127.0.0.1:{n}\""))}]{nodes} }} }}").Cluster!.Options.Discovery!;

        Assert.Equal(Enumerable.Range(1, count).Select(port => new ClusterAddress("127.0.0.1", port)), discovery.Named);
        Assert.Equal(needed, discovery.Needed);
    }

    [Fact]
    public void Both_ends_of_a_stream_are_read()
    {
        var node = Read(Cluster, "work { type = cluster, stream = jobs, delivery = at-least-once, window = 10, weight = 4, to = out }", "feed { type = cluster, stream = results, route = least-busy, queue = 5 }", to: "other, feed");

        var (input, output) = ((ClusterInput.Options)node.Components.Single(component => component.Name == "work").Options!, (ClusterOutput.Options)node.Components.Single(component => component.Name == "feed").Options!);
        Assert.Equal(("jobs", DeliveryMode.AtLeastOnce, 10, 4), (input.Stream, input.Delivery, input.Window, input.Weight));
        Assert.Equal(("results", StreamRoute.LeastBusy, 5), (output.Stream, output.Route, output.Queue));
    }

    [Theory]
    [InlineData("user.id")]
    [InlineData("peer.identity")]
    public void A_stream_is_fed_by_key(string key)
    {
        var node = Read(Cluster, "", $"feed {{ type = cluster, stream = results, route = key, key = {key} }}", to: "other, feed");

        var output = (ClusterOutput.Options)node.Components.Single(component => component.Name == "feed").Options!;
        Assert.Equal(new StreamFeeding("results", DeliveryMode.AtMostOnce, "key", key), output.Feeding);
    }

    [Fact]
    public void An_input_reads_on_one_node_at_a_time_and_may_name_the_role_of_that()
    {
        var node = Read(Cluster, "work { type = generator, singleton = true, role = edge, to = out }, all { type = generator, to = out }");

        Assert.Equal("edge", node.Components.Single(component => component.Name == "work").Singleton?.Role);
        Assert.Null(node.Components.Single(component => component.Name == "all").Singleton);
    }

    [Fact]
    public void The_builder_goes_through_the_same_reader()
    {
        var node = new RouterBuilder().Input("in", "null", null, "out").Output("out", "cluster", new { Stream = "jobs" }).WithCluster(new { Name = "logs", SeedNodes = new[] { "127.0.0.1:4053" } }).Build();

        Assert.Equal("logs", node.Cluster!.Options.Name);
    }

    [Theory]
    [InlineData("cluster = logs", "`cluster` must be a block")]
    [InlineData("""cluster { seed-nodes = ["a:1"] }""", "`cluster` of the router needs a key `name`")]
    [InlineData("cluster { name = logs }", "`cluster` of the router: `seed-nodes` names nobody")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], discovery { method = file, path = x } }""", "`cluster` of the router: `discovery` finds nodes, which `seed-nodes` names already")]
    [InlineData("cluster { name = logs, discovery { name = a.example } }", "`discovery` of `cluster` of the router needs a key `method`")]
    [InlineData("cluster { name = logs, discovery { method = dns } }", "`discovery` of `cluster` of the router: `method` needs `name`, which leads to all nodes")]
    [InlineData("""cluster { name = logs, discovery { method = dns, name = "a b" } }""", "`discovery` of `cluster` of the router: `method` needs `name`, which leads to all nodes")]
    [InlineData("cluster { name = logs, discovery { method = file } }", "`discovery` of `cluster` of the router: `method` needs `path`, a file with an address")]
    [InlineData("cluster { name = logs, discovery { method = file, path = x, nodes = 3 } }", "`discovery` of `cluster` of the router: `nodes` works only with method = dns, kubernetes or config; remove it")]
    [InlineData("cluster { name = logs, discovery { method = file, path = x, port = 3 } }", "`discovery` of `cluster` of the router: `port` works only with method = dns or kubernetes; remove it")]
    [InlineData("cluster { name = logs, discovery { method = kubernetes } }", "`discovery` of `cluster` of the router: `method` needs `selector`, the labels that the pods of all nodes have, as in selector = \"cluster=logs\"")]
    [InlineData("""cluster { name = logs, discovery { method = kubernetes, selector = "cluster:logs" } }""", "`discovery` of `cluster` of the router: `selector` is no selector of labels; write one such as \"cluster=logs\"")]
    [InlineData("""cluster { name = logs, discovery { method = kubernetes, selector = "cluster=logs", namespace = Logs } }""", "`discovery` of `cluster` of the router: `namespace` must be the name of a namespace")]
    [InlineData("""cluster { name = logs, discovery { method = kubernetes, selector = "cluster=logs", name = a.example } }""", "`discovery` of `cluster` of the router: `name` works only with method = dns; remove it")]
    [InlineData("""cluster { name = logs, discovery { method = kubernetes, selector = "cluster=logs", path = x } }""", "`discovery` of `cluster` of the router: `path` works only with method = file; remove it")]
    [InlineData("""cluster { name = logs, discovery { method = dns, name = a.example, selector = "cluster=logs" } }""", "`discovery` of `cluster` of the router: `selector` works only with method = kubernetes; remove it")]
    [InlineData("cluster { name = logs, discovery { method = dns, name = a.example, namespace = logs } }", "`discovery` of `cluster` of the router: `namespace` works only with method = kubernetes; remove it")]
    [InlineData("""cluster { name = logs, advertise = a.example, discovery { method = kubernetes, selector = "cluster=logs" } }""", "`cluster` of the router: `advertise` must be the IP address of the pod, and no name, as in advertise = ${?POD_IP}")]
    [InlineData("cluster { name = logs, discovery { method = dns, name = a.example, path = x } }", "`discovery` of `cluster` of the router: `path` works only with method = file")]
    [InlineData("cluster { name = logs, advertise = a.example, discovery { method = dns, name = a.example } }", "`cluster` of the router: `advertise` must be the IP address to which the name of `discovery` leads")]
    [InlineData("cluster { name = logs, discovery { method = config } }", "`discovery` of `cluster` of the router: `method` needs `addresses`, where all nodes are, as in addresses = [\"a.example:4053\", \"b.example:4053\"]")]
    [InlineData("""cluster { name = logs, discovery { method = config, addresses = ["tcp://a"] } }""", "`discovery` of `cluster` of the router: `addresses` has `tcp://a`, which is no address; write one such as a.example:4053")]
    [InlineData("""cluster { name = logs, discovery { method = config, addresses = ["a", "a:4053"] } }""", "`discovery` of `cluster` of the router: `addresses` has `a:4053` twice; remove one")]
    [InlineData("""cluster { name = logs, discovery { method = config, addresses = ["a", "b"], nodes = 3 } }""", "`discovery` of `cluster` of the router: `nodes` are more than `addresses` has, so that no cluster would ever begin")]
    [InlineData("""cluster { name = logs, discovery { method = config, addresses = ["a"], port = 3 } }""", "`discovery` of `cluster` of the router: `port` works only with method = dns or kubernetes; remove it")]
    [InlineData("""cluster { name = logs, discovery { method = file, path = x, addresses = ["a"] } }""", "`discovery` of `cluster` of the router: `addresses` works only with method = config; remove it")]
    [InlineData("cluster { name = logs, seed-nodes = [] }", "`cluster` of the router: `seed-nodes` names nobody")]
    [InlineData("""cluster { name = "a b", seed-nodes = ["a:1"] }""", "`cluster` of the router: `name` must be 1 to 64 letters, digits, `-` and `_`")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1", "a:1"] }""", "`cluster` of the router: `seed-nodes` has `a:1` twice")]
    [InlineData("""cluster { name = logs, seed-nodes = ["tcp://a:1"] }""", "`cluster` of the router: `seed-nodes` has `tcp://a:1`, which is no address")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:0"] }""", "`cluster` of the router: `seed-nodes` has `a:0`, which is no address")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], bind = "a.example:4053" }""", "`cluster` of the router: `bind` must be an IP address and a port")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], bind = "127.0.0.1" }""", "`cluster` of the router: `bind` must be an IP address and a port")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], bind = "0.0.0.0:4053", insecure = true }""", "`cluster` of the router: `bind` is no address that others could connect to")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], bind = "10.0.0.1:4053" }""", "`cluster` of the router: `bind` can be reached from other machines, by anybody")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], insecure = true, tls { certificate = a, key = b, trust = c } }""", "`cluster` of the router: `insecure` says that anybody may be a node")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], tls { certificate = a, key = b } }""", "`tls` of `cluster` of the router needs a key `trust`")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], advertise = "http://a" }""", "`cluster` of the router: `advertise` must be a name or an address")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], advertise = "0.0.0.0" }""", "`cluster` of the router: `advertise` is no address that others could connect to: say what is, such as this machine's name or IP address")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], advertise = "::" }""", "`cluster` of the router: `advertise` is no address that others could connect to")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], advertise = "[::]:4053" }""", "`cluster` of the router: `advertise` is no address that others could connect to")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], control = reload }""", "`cluster` of the router: `control` lets whoever is a node have this one reload, and anybody who reaches `bind` can be: give `tls`")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], roles = ["a b"] }""", "`cluster` of the router: `roles` has `a b`; a role is a word")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], split-brain { strategy = static-quorum } }""", "`split-brain` of `cluster` of the router: `strategy` needs `quorum`")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], split-brain { quorum = 2 } }""", "`split-brain` of `cluster` of the router: `quorum` works only with strategy = static-quorum")]
    [InlineData("""cluster { name = logs, seed-nodes = ["a:1"], split-brain { stable-after = 1ms } }""", "`split-brain` of `cluster` of the router: `stable-after`")]
    public void Says_what_is_wrong_with_the_block_and_where(string cluster, string problem) => AssertProblem(problem, () => Read(cluster));

    [Theory]
    [InlineData("", "work { type = cluster, stream = jobs, to = out }", "inputs.work needs a cluster, and the node is in none")]
    [InlineData(Cluster, "work { type = cluster, to = out }", "input `work` (cluster) needs a key `stream`")]
    [InlineData(Cluster, """work { type = cluster, stream = "a b", to = out }""", "input `work` (cluster): `stream` must be 1 to 128 letters")]
    [InlineData(Cluster, "work { type = cluster, stream = jobs, window = 3, to = out }", "input `work` (cluster): `window` works only with delivery = at-least-once")]
    [InlineData(Cluster, "work { type = cluster, stream = jobs, weight = 0, to = out }", "input `work` (cluster): `weight` must be from 1 to 1000")]
    [InlineData(Cluster, "work { type = cluster, stream = jobs, weight = 1001, to = out }", "input `work` (cluster): `weight` must be from 1 to 1000")]
    [InlineData("", "work { type = generator, singleton = true, to = out }", "inputs.work needs a cluster, and the node is in none")]
    [InlineData(Cluster, "work { type = generator, role = edge, to = out }", "input `work` (generator): `role` works only with singleton = true")]
    public void Says_what_is_wrong_with_an_input_and_where(string cluster, string input, string problem) => AssertProblem(problem, () => Read(cluster, input));

    [Theory]
    [InlineData("", "feed { type = cluster, stream = jobs }", "outputs.feed needs a cluster, and the node is in none")]
    [InlineData(Cluster, "feed { type = cluster }", "output `feed` (cluster) needs a key `stream`")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, route = anywhere }", "`route` of output `feed` (cluster)")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, route = broadcast, delivery = at-least-once }", "output `feed` (cluster): `route` works only with delivery = at-most-once")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, singleton = true }", "unknown key `singleton` for output `feed` (cluster)")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, lease = 1s }", "output `feed` (cluster): `lease` works only with delivery = at-least-once")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, max-deliveries = 1 }", "output `feed` (cluster): `max-deliveries` works only with delivery = at-least-once")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, route = key }", "output `feed` (cluster): `route` needs `key`, the field by which each message belongs to one node")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, key = user.id }", "output `feed` (cluster): `key` works only with route = key; remove it, or write route = key")]
    [InlineData(Cluster, """feed { type = cluster, stream = jobs, route = key, key = "a..b" }""", "output `feed` (cluster): `key` names no field")]
    [InlineData(Cluster, "feed { type = cluster, stream = jobs, route = key, key = peer.shoe }", "output `feed` (cluster): `key` names no field: nothing is known of a peer but")]
    public void Says_what_is_wrong_with_an_output_and_where(string cluster, string output, string problem) => AssertProblem(problem, () => Read(cluster, "", output, to: "other, feed"));

    [Fact]
    public void A_stream_must_not_come_back_to_where_it_is_taken()
    {
        AssertProblem(
            "outputs.feed feeds the stream `jobs`, from which inputs.work brings what comes to it: messages would go round for ever",
            () => Read(Cluster, "work { type = cluster, stream = jobs, to = pass }", "feed { type = cluster, stream = jobs }", to: "other, feed", "filters { pass { type = null, to = feed } }"));
    }

    [Theory]
    [InlineData("advertise = a.example", "a.example, 10.0.0.2", 7)]
    [InlineData("advertise = a.example", "10.0.0.1, 10.0.0.2", 6)]
    [InlineData("advertise = a.example", "a.example, b.example", null)]
    [InlineData("advertise = 10.0.0.1", "a.example, 10.0.0.2", null)]
    [InlineData("", "localhost", null)]
    public void Seeds_that_are_addresses_are_warned_of_where_the_node_itself_is_found_by_a_name(string advertise, string seeds, int? line)
    {
        NodeReader.Read(HoconReader.ReadText("node.conf", $$"""
            router {
              cluster {
                name = logs
                {{advertise}}
                seed-nodes = [
                  {{string.Join("\n      ", seeds.Split(", ").Select(seed => $"\"{seed}\""))}}
                ]
              }
              inputs { in { type = null, to = out } }
              outputs { out { type = null } }
            }
            """), BuiltIns.Registry(), out var warnings);

        var found = warnings.Where(warning => warning.Message.StartsWith("`cluster` looks for a node at 10.0.0.", StringComparison.Ordinal));
        Assert.Equal(line is { } expected ? [expected] : [], found.Select(warning => warning.Span!.Line));
        Assert.All(found, warning => Assert.Equal("write each of `seed-nodes` as the `advertise` of that node has it", warning.Hint));
    }

    [Theory]
    [InlineData("127.0.0.1:4053", "127.0.0.1:4054", false)]
    [InlineData("127.0.1.1:4053", "127.0.1.1:4053", false)]
    [InlineData("127.0.0.1:4053", "[::1]:4053", false)]
    [InlineData("127.0.0.1:4053", "localhost:4053", false)]
    [InlineData("127.0.0.1:4053", "10.0.0.2:4053", true)]
    [InlineData("127.0.1.1:4053", "b.example:4053", true)]
    public void A_node_that_only_this_machine_reaches_is_warned_of_where_all_that_it_looks_for_are_elsewhere(string bind, string seed, bool warns)
    {
        NodeReader.Read(HoconReader.ReadText("node.conf", $$"""
            router {
              cluster { name = logs, bind = "{{bind}}", seed-nodes = ["{{seed}}"] }
              inputs { in { type = null, to = out } }
              outputs { out { type = null } }
            }
            """), BuiltIns.Registry(), out var warnings);

        Assert.Equal(warns ? [$"`cluster` listens on loopback only, and nobody at {seed} can answer there"] : [], warnings.Select(warning => warning.Message).Where(text => text.Contains("loopback", StringComparison.Ordinal)));
    }

    [Fact]
    public void Streams_that_lead_round_within_one_file_are_warned_of()
    {
        NodeReader.Read(HoconReader.ReadText("node.conf", $$"""
            router {
              {{Cluster}}
              inputs {
                jobs { type = cluster, stream = jobs, to = pass }
                results { type = cluster, stream = results, to = again }
              }
              filters { pass { type = null, to = done } }
              outputs {
                done { type = cluster, stream = results }
                again { type = cluster, stream = jobs }
              }
            }
            """), BuiltIns.Registry(), out var warnings);

        var warning = Assert.Single(warnings);
        Assert.Equal((DiagnosticSeverity.Warning, 9, "messages can go round: `jobs` -> `results` -> `jobs`"), (warning.Severity, warning.Span!.Line, warning.Message));
    }

    private const string Cluster = """cluster { name = logs, seed-nodes = ["127.0.0.1:4053"] }""";

    private static void AssertProblem(string problem, Action read)
    {
        var diagnostic = Assert.Throws<ConfigurationException>(read).Diagnostics[0];

        Assert.StartsWith(problem, diagnostic.Message, StringComparison.Ordinal);
        Assert.NotNull(diagnostic.Span);
    }

    private NodeDefinition Read(string cluster, string input = "", string output = "", string to = "other", string more = "")
    {
        File.WriteAllText(_folder["node.conf"], $$"""
            router {
              inputs {
                in { type = null, to = [out, {{to}}] }
                {{input}}
              }
              {{more}}
              outputs {
                out { type = null }
                other { type = null }
                {{output}}
              }
              {{cluster}}
            }
            """);
        return new RouterBuilder().FromFiles(_folder["node.conf"]).Build();
    }
}
