using MessageRouter.Cluster.Streams;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.InForce;
using MessageRouter.Distribution;
using MessageRouter.Pools;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Clustering;

/// <summary>Filters and worker processes of which the cluster places copies on its nodes.</summary>
public class PlacedPoolReaderTests
{
    [Fact]
    public void What_is_sent_to_the_filter_goes_to_an_output_in_its_place_and_an_input_brings_what_is_for_the_copies_here()
    {
        var node = Read("""
            filters {
              enrich {
                type = tee, route = hash(user.id), mailbox.capacity = 77, to = out
                instances.cluster { total = 16, per-node = 4, roles = [worker, spare], delivery = at-least-once, feed { queue = 5 }, take { window = 6 } }
              }
            }
            """);

        var filter = Of(node, "enrich");
        Assert.Equal(new PlacementOptions { Total = 16, PerNode = 4, Roles = ["worker", "spare"] }, filter.Placement);
        Assert.Equal((0, true), (filter.Instances, filter.IsPool));
        Assert.Equal(["enrich.feed"], Of(node, "lines").To);
        var (feed, take) = ((ClusterOutput.Options)Of(node, "enrich.feed").Options!, (ClusterInput.Options)Of(node, "enrich.take").Options!);
        Assert.Equal(("filters.enrich", StreamRoute.Key, "user.id", DeliveryMode.AtLeastOnce, 5), (feed.Stream, feed.Route, feed.Key, feed.Delivery, feed.Queue));
        Assert.Equal(("filters.enrich", DeliveryMode.AtLeastOnce, 6), (take.Stream, take.Delivery, take.Window));
        Assert.Equal((77, 77), (Of(node, "enrich.feed").Mailbox.Capacity, filter.Mailbox.Capacity));
        Assert.Equal(["enrich"], Of(node, "enrich.take").To);
    }

    [Theory]
    [InlineData("", StreamRoute.RoundRobin)]
    [InlineData("route = round-robin,", StreamRoute.RoundRobin)]
    [InlineData("route = least-busy,", StreamRoute.LeastBusy)]
    internal void Nodes_get_their_messages_as_copies_do(string route, StreamRoute expected)
    {
        var node = Read(Pool($"{route} instances.cluster {{ total = 2 }}"));

        Assert.Equal(expected, ((ClusterOutput.Options)Of(node, "enrich.feed").Options!).Route);
        Assert.Equal(DeliveryMode.AtMostOnce, ((ClusterInput.Options)Of(node, "enrich.take").Options!).Delivery);
    }

    [Fact]
    public void A_node_without_the_role_feeds_the_copies_of_others_and_takes_nothing() =>
        Assert.Equal(["lines", "enrich", "out", "enrich.feed"], Read(Pool("instances.cluster { total = 2, roles = [other] }")).Components.Select(component => component.Name));

    [Fact]
    public void For_a_trial_it_is_a_pool_of_one_node()
    {
        var node = PlacedPools.Alone(Read(Pool("instances.cluster { total = 16, per-node = 4 }")));

        Assert.Equal(["lines", "enrich", "out"], node.Components.Select(component => component.Name));
        Assert.Equal(["enrich"], Of(node, "lines").To);
        Assert.Equal((4, null), (Of(node, "enrich").Instances, Of(node, "enrich").Placement));
    }

    [Fact]
    public void The_configuration_in_force_says_it_as_it_was_written_and_read_again_it_is_the_same()
    {
        var text = Config(Pool("instances { cluster { total = 16, roles = [worker], feed { queue = 5 } } }") + "\nworkers { command = [true], instances.cluster { total = 3 } }");
        var inForce = HoconPrinter.Print(ConfigInForce.Of(HoconReader.ReadText("node.conf", text).Root, NodeReader.Read(HoconReader.ReadText("node.conf", text), BuiltIns.Registry())));

        Assert.DoesNotContain("enrich.feed", inForce, StringComparison.Ordinal);
        var (once, again) = (NodeReader.Read(HoconReader.ReadText("node.conf", text), BuiltIns.Registry()), NodeReader.Read(HoconReader.ReadText("again.conf", inForce), BuiltIns.Registry()));
        Assert.Equal(once.Components.Select(component => (component.FullName, component.Placement, component.Options?.ToString())), again.Components.Select(component => (component.FullName, component.Placement, component.Options?.ToString())));
        Assert.Equal(new PlacementOptions { Total = 3 }, Assert.Single(again.Workers).Placement);
        Assert.Equal(0, again.Workers[0].Instances);
    }

    [Theory]
    [InlineData("instances { }", "`instances` of filter `enrich` (tee) must be a number, or a block with `cluster`")]
    [InlineData("instances { node { } }", "unknown key `node` for `instances` of filter `enrich` (tee)")]
    [InlineData("instances { cluster { } }", "`instances.cluster` of filter `enrich` (tee) needs a key `total`")]
    [InlineData("instances.cluster { total = 0 }", "`total` of `instances.cluster` of filter `enrich` (tee) must be at least 1")]
    [InlineData("instances.cluster { total = 10001 }", "`instances.cluster` of filter `enrich` (tee): `total` must be between 0 and 10000")]
    [InlineData("instances.cluster { total = 2, per-node = 0 }", "`instances.cluster` of filter `enrich` (tee): `per-node` must be between 1 and 1000")]
    [InlineData("instances.cluster { total = 2, delivery = exactly-once }", "`delivery` of `feed` of filter `enrich` (cluster): `exactly-once` is none of")]
    [InlineData("instances.cluster { total = 2, feed = 3 }", "`feed` of filter `enrich` must be a block")]
    [InlineData("instances.cluster { total = 2, feed { queues = 3 } }", "unknown key `queues` for `feed` of filter `enrich` (cluster)")]
    [InlineData("instances.cluster { total = 2, take { stream = x } }", "`stream` cannot be said by `take` of filter `enrich`: it follows from the filter")]
    [InlineData("instances.cluster { total = 2, take { weight = 2 } }", "`weight` cannot be said by `take` of filter `enrich`: it follows from the filter")]
    public void What_is_wrong_is_said(string keys, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(Pool(keys)));

        Assert.Contains(exception.Diagnostics, diagnostic => diagnostic.Message.Contains(problem, StringComparison.Ordinal));
        Assert.All(exception.Diagnostics, diagnostic => Assert.NotNull(diagnostic.Span));
    }

    [Theory]
    [InlineData("filters.enrich", "filters { enrich { type = tee, instances.cluster { total = 2 }, to = out } }")]
    [InlineData("workers.workers", "filters { enrich { type = tee, to = out } }, workers { command = [true], instances.cluster { total = 2 } }")]
    public void A_node_in_no_cluster_cannot_have_it(string name, string blocks)
    {
        var exception = Assert.Throws<ConfigurationException>(() => NodeReader.Read(HoconReader.ReadText("node.conf", Config(blocks).Replace("cluster { name", "# cluster { name", StringComparison.Ordinal)), BuiltIns.Registry()));

        Assert.Equal($"{name} needs a cluster, and the node is in none", Assert.Single(exception.Diagnostics).Message);
    }

    private static ComponentDefinition Of(NodeDefinition node, string name) => node.Components.Single(component => component.Name == name);

    private static string Pool(string keys) => $$"""filters { enrich { type = tee, {{keys}}, to = out } }""";

    private static NodeDefinition Read(string blocks) => NodeReader.Read(HoconReader.ReadText("node.conf", Config(blocks)), BuiltIns.Registry());

    private static string Config(string blocks) => $$"""
        router {
          name = a
          cluster { name = logs, seed-nodes = ["127.0.0.1:4053"], roles = [worker] }
          inputs { lines { type = stdin, to = enrich } }
          {{blocks}}
          outputs { out { type = stdout } }
        }
        """;
}
