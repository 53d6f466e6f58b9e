using System.Text.RegularExpressions;
using MessageRouter.Cli.Controlling.ClusterTop;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Clustering;
using MessageRouter.Monitoring;
using MessageRouter.Tests.Clustering;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli.Controlling;

public class ClusterTextTests
{
    [Fact]
    public async Task A_cluster_is_shown_with_who_is_there_what_each_counts_and_who_is_away()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(source.Input());
        source.SendNumbers(1, 3);
        await node.SinkAsync(3);
        var cluster = new ClusterOfOne(node.Node);
        var nodes = await cluster.AskAllAsync(CancellationToken.None);
        var report = ClusterReport.FromJson(new ClusterReport(cluster.Status, [.. nodes.Select(each => new NodeOfCluster(each.Member, each.Status is { } json ? NodeStatus.FromJson(json) : null))]).ToJson());

        var text = ClusterText.Print(report);

        Assert.StartsWith(
            """
            cluster logs: up, 2 nodes

            node        address         state      answers  roles  version
            one (this)  127.0.0.1:4053  up, leads  yes      edge   1
            two         127.0.0.1:4054  up         NO

            stream  fed by  taken by
            jobs    two     one ×2
            none    one     nobody
            others  nobody  two

            node  state    in/s  out/s  in  out  failed  dropped  queued  balanced
            one   running
            """,
            text, StringComparison.Ordinal);
        Assert.Contains("two   away\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\naway:\n  two: it does not answer; what it counts is not in these tables\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_cluster_places_is_shown_with_how_many_each_node_has_and_is_to_have()
    {
        var text = ClusterText.Print(new ClusterStatus("logs", "127.0.0.1:4053", "up")
        {
            Placed =
            [
                new PlacedStatus("filters.enrich", 6, [new PlacedShare("a", 2, 2), new PlacedShare("b", 2, 2), new PlacedShare("c", 2, 2)]),
                new PlacedStatus("filters.other", 5, [new PlacedShare("a", 3, 3), new PlacedShare("b", 2, 1) { IsAway = true }]),
                new PlacedStatus("workers.jobs", null, [new PlacedShare("a", 2, 1)]) { Problem = "the files of a and b differ" },
            ],
        });

        Assert.EndsWith(
            """

            placed          total     running  on
            filters.enrich      6           6  a 2, b 2, c 2
            filters.other       5  3 + 1 away  a 3, b 1 of 2 (away)
            workers.jobs                    1  a 1 of 2

            problems:
              workers.jobs: the files of a and b differ

            """,
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_node_has_missed_of_a_broadcast_is_shown_in_the_line_of_its_link()
    {
        var feeder = SomeCluster.Feeder(("x", 9, 9), ("y", 20, 20));
        var status = feeder with { Components = [.. feeder.Components.Select(component => component with { Workers = [.. component.Workers!.Select((worker, at) => worker with { Missed = at == 0 ? 11 : null })] })] };

        var lines = ClusterText.Print(SomeCluster.Of(("feeder", status), ("x", SomeCluster.Taker("x", 9)), ("y", SomeCluster.Taker("y", 20)))).Split('\n');

        Assert.Contains(lines, line => Regex.IsMatch(line, "^output +from +to +state +given +delivered +unknown +missed +redelivered +queued$"));
        Assert.Contains(lines, line => Regex.IsMatch(line, "^outputs.feed +feeder +x .* connected +9 +9 +11 +0 +0$"));
    }

    [Fact]
    public void A_singleton_is_shown_with_where_it_reads_as_far_as_that_is_known()
    {
        var cluster = new ClusterStatus("logs", "127.0.0.1:4053", "up")
        {
            Singletons =
            [
                new SingletonStatus("inputs.a", "a", ["a", "b"]) { State = "reads", Epoch = "1.1" },
                new SingletonStatus("inputs.b", "b", ["a", "b"]) { State = "away", Epoch = "1.1" },
                new SingletonStatus("inputs.c", "a", ["a"]) { State = "closed", Epoch = "1.1" },
                new SingletonStatus("inputs.d", null, ["a"]),
                new SingletonStatus("inputs.other", "a", ["a"]),
            ],
        };

        Assert.EndsWith(
            """

            one at a time  reads on                             epoch  can be on
            inputs.a       a                                      1.1  a, b
            inputs.b       b, away                                1.1  a, b
            inputs.c       none now: closed on a, out of touch    1.1  a
            inputs.d       none now                                    a
            inputs.other   a                                           a

            """,
            ClusterText.Print(cluster), StringComparison.Ordinal);
        Assert.Equal(
            ["inputs.a reads on a", "inputs.b is b's, which is away: whether it reads is not known", "inputs.c reads on no node now: it is closed on a, which is out of touch with the others", "inputs.d reads on no node now", "inputs.other reads on a"],
            cluster.Singletons.Select(ClusterTables.Where));
    }

    [Fact]
    public void What_a_node_says_of_itself_counts_more_than_what_others_have_agreed_on()
    {
        var report = SomeCluster.Of(("feeder", SomeCluster.Feeder()), ("x", null), ("y", SomeCluster.Taker("y", 10)));
        var closed = new SingletonStatus("inputs.in", "y", ["x", "y"]) { State = "closed" };
        var cluster = report.Cluster with
        {
            Singletons = [closed with { State = "reads" }, new SingletonStatus("inputs.other", "x", ["x", "y"]) { State = "reads" }, new SingletonStatus("inputs.third", "feeder", ["feeder"]) { State = "reads" }, new SingletonStatus("inputs.fourth", null, ["x"])],
            Placed = [new PlacedStatus("filters.f", 2, [new PlacedShare("x", 1, 1), new PlacedShare("y", 1, 1) { IsAway = true }])],
        };

        var seen = ClusterReport.Of(cluster, [.. report.Nodes.Select(node => node.Member.Node == "y" ? node with { Status = node.Status! with { Cluster = cluster with { Singletons = [closed] } } } : node)]).Cluster;

        Assert.Equal(["closed", "away", "reads", null], seen.Singletons.Select(singleton => singleton.State));
        Assert.Equal([true, false], Assert.Single(seen.Placed).Nodes.Select(share => share.IsAway));
    }

    [Fact]
    public void A_stream_that_is_fed_by_key_is_shown_with_whose_the_keys_are()
    {
        var text = ClusterText.Print(new ClusterStatus("logs", "127.0.0.1:4053", "up")
        {
            Streams =
            [
                new StreamStatus("jobs", ["a", "b"], ["a"]) { Keys = new StreamKeys("user.id", "2.17", 12, [new SlotShare("a", 512), new SlotShare("b", 500)]) { WaitsFor = ["b"] }, Problem = "it is fed in several ways" },
                new StreamStatus("other", ["a", "b", "b", "c"], ["a"]) { Weights = new Dictionary<string, int> { ["a"] = 1, ["b"] = 5, ["c"] = 4 } },
            ],
            Warnings = [new ClusterWarning("circle", "jobs -> other", "Messages can go round: `jobs` on a -> `other` on b -> `jobs`")],
        });

        Assert.EndsWith(
            """

            stream  fed by  taken by
            jobs    a       a, b
            other   a       a, b ×2 (weight 5), c (weight 4)

            stream  key      epoch  slots of      moving  waits for
            jobs    user.id   2.17  a 512, b 500      12  b

            problems:
              jobs: it is fed in several ways

            warnings:
              Messages can go round: `jobs` on a -> `other` on b -> `jobs`

            """,
            text, StringComparison.Ordinal);
    }
}
