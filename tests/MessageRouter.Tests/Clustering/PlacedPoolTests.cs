using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>Filters whose copies are on several nodes.</summary>
public class PlacedPoolTests
{
    private readonly ProbeSource _source = new();
    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task Copies_are_placed_on_all_nodes_and_get_messages_from_any_of_them(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery));
        await using var one = await _cluster.StartAsync("one", Take(delivery), Pool(total: 3));
        await HasCopiesAsync(one, 3);
        await using var two = await _cluster.StartAsync("two", Take(delivery), Pool(total: 3));
        await HasCopiesAsync(one, 2);
        await HasCopiesAsync(two, 1);
        await HasWorkersAsync(feeder, 2);

        _source.SendNumbers(1, 300);

        await Eventually.IsTrueAsync(() => one["outputs.sink"].Out + two["outputs.sink"].Out == 300);
        Assert.Equal(300, one.Texts("outputs.sink").Concat(two.Texts("outputs.sink")).Distinct().Count());
        Assert.InRange(one["outputs.sink"].Out, 190, 210);
    }

    [Fact]
    public async Task Copies_of_a_node_that_does_not_answer_are_counted_apart()
    {
        await using var one = await _cluster.StartAsync("one", Take(DeliveryMode.AtMostOnce), Pool(total: 3));
        await using var two = await _cluster.StartAsync("two", Take(DeliveryMode.AtMostOnce), Pool(total: 3));
        await HasCopiesAsync(one, 2);
        await HasCopiesAsync(two, 1);

        _cluster.Lose("two", isLost: true);

        var (seen, own) = (Placed("one"), Placed("two"));
        Assert.Equal((2, 1, "two"), (seen.Running, seen.RunningAway, Assert.Single(seen.Nodes, node => node.IsAway).Node));
        Assert.Equal((1, 2, "one"), (own.Running, own.RunningAway, Assert.Single(own.Nodes, node => node.IsAway).Node));

        PlacedStatus Placed(string by) => Assert.Single(_cluster.View(by).Pools.Statuses(_cluster.View(by).Members));
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task Copies_of_a_node_that_stops_go_to_others_and_nothing_is_lost(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery));
        await using var stays = await _cluster.StartAsync("stays", Take(delivery), Pool(total: 4));
        await using var goes = await _cluster.StartAsync("goes", Take(delivery), Pool(total: 4));
        await HasCopiesAsync(stays, 2);
        await HasCopiesAsync(goes, 2);
        await HasWorkersAsync(feeder, 2);
        _source.SendNumbers(1, 1000);

        var stopping = goes.StopWhileTimePassesAsync();
        _source.SendNumbers(1001, 1000);
        Assert.True(await stopping);
        _cluster.Forget("goes");

        await Eventually.IsTrueAsync(() => stays["outputs.sink"].Out + goes["outputs.sink"].Out == 2000, () => $"{stays["outputs.sink"].Out} {goes["outputs.sink"].Out}");
        await HasCopiesAsync(stays, 4);
    }

    [Fact]
    public async Task A_node_that_is_to_have_none_has_none_soon_and_does_what_still_comes()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        await using var first = await _cluster.StartAsync("first", Take(), Pool(total: 1));
        await HasCopiesAsync(first, 1);
        await using var second = await _cluster.StartAsync("second", Take(), Pool(total: 1));
        await HasWorkersAsync(feeder, 2);
        Assert.Empty(Copies(second));

        _source.SendNumbers(1, 10);
        Assert.Equal(10, (await first.SinkAsync(10)).Count);

        _cluster.Forget("first");
        await HasCopiesAsync(second, 1);
        _source.SendNumbers(11, 10);
        await Eventually.IsTrueAsync(() => first["outputs.sink"].Out + second["outputs.sink"].Out == 20);
    }

    [Fact]
    public async Task The_last_copy_waits_for_what_is_under_way_and_one_comes_back_for_what_comes_still_later()
    {
        await using var node = await _cluster.StartAsync("node", _source.Input(), Pool(total: 1));
        await HasCopiesAsync(node, 1);

        // Of nodes with as many copies the one with the first name has what does not divide: a share of one goes to who has it already.
        _cluster.Place("filters.work", "node", 0);
        await HasNoneInTimeAsync(node);
        _source.SendNumbers(1, 10);

        Assert.Equal(10, (await node.SinkAsync(10)).Count);
        await HasNoneInTimeAsync(node);
    }

    [Fact]
    public async Task A_node_that_stops_does_what_has_come_to_a_pool_without_copies()
    {
        await using var node = await _cluster.StartAsync("node", _source.Input(), Pool(total: 1));
        await HasCopiesAsync(node, 1);
        _cluster.Place("filters.work", "node", 0);
        await HasNoneInTimeAsync(node);

        _source.SendNumbers(1, 10);
        Assert.True(await node.StopWhileTimePassesAsync());

        Assert.Equal(10, node["outputs.sink"].Out);
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task A_node_that_stops_and_is_alone_does_all_that_it_has(DeliveryMode delivery)
    {
        await using var node = await _cluster.StartAsync("node", Whole(total: 2, Feed(delivery)));
        await HasCopiesAsync(node, 2);
        await HasWorkersAsync(node, 1);

        _source.SendNumbers(1, 2000);
        Assert.True(await node.StopWhileTimePassesAsync());

        Assert.Equal(2000, node["outputs.sink"].Out);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_stops_does_what_it_has_itself_as_long_as_no_other_one_has_a_copy(bool byKey)
    {
        var feed = byKey ? FeedByKey() : Feed(DeliveryMode.AtLeastOnce);
        await using var goes = await _cluster.StartAsync("goes", Whole(total: 1, feed));
        await HasCopiesAsync(goes, 1);
        await using var stays = await _cluster.StartAsync("stays", Take(DeliveryMode.AtLeastOnce), Pool(total: 1));
        await HasWorkersAsync(goes, 2);

        _source.SendNumbers(1, 2000);
        Assert.True(await goes.StopWhileTimePassesAsync());

        Assert.Equal(2000, goes["outputs.sink"].Out + stays["outputs.sink"].Out);
        await HasCopiesAsync(stays, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_stops_while_its_last_copy_is_to_go_elsewhere_has_that_do_what_it_has_itself(bool byKey)
    {
        await using var goes = await _cluster.StartAsync("goes", Whole(total: 1, byKey ? FeedByKey() : Feed(DeliveryMode.AtLeastOnce)));
        await HasCopiesAsync(goes, 1);
        await HasWorkersAsync(goes, 1);

        _cluster.Place("filters.work", "goes", 0);
        _source.SendNumbers(1, 2000);
        Assert.True(await goes.StopWhileTimePassesAsync());

        Assert.Equal(2000, goes["outputs.sink"].Out);
    }

    [Fact]
    public async Task That_no_node_has_one_of_its_roles_is_said_until_one_has_it()
    {
        var pool = Pool(total: 1) with { Placement = new PlacementOptions { Total = 1, Roles = ["worker", "big"] } };
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        await using var one = await _cluster.StartAsync("one", Take(), pool);

        await Eventually.IsTrueAsync(() => _cluster.View("feeder").Warnings().SingleOrDefault()?.Text
            == "No node of the cluster has one of the roles `big`, `worker` of filters.work: it is placed nowhere; give a node the role, or correct it in the file of one");
        _cluster.Give("two", "big");
        await using var two = await _cluster.StartAsync("two", Take(), pool);

        await HasCopiesAsync(two, 1);
        Assert.Empty(_cluster.View("feeder").Warnings());
    }

    private static ComponentDefinition Take(DeliveryMode delivery = default) => Some.Component<ClusterInput>("work.take", new ClusterInput.Options { Stream = "filters.work", Delivery = delivery });

    private static ComponentDefinition Feed(DeliveryMode delivery = default) => Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "filters.work", Delivery = delivery });

    private static ComponentDefinition FeedByKey() => Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "filters.work", Delivery = DeliveryMode.AtLeastOnce, Route = StreamRoute.Key, Key = "n" });

    /// <summary>A node that feeds the copies, and can have some.</summary>
    private NodeDefinition Whole(int total, ComponentDefinition feed)
    {
        var options = (ClusterOutput.Options)feed.Options!;
        return Some.Node(
            _source.Input() with { To = [feed.Name] }, Take(options.Delivery) with { To = ["work"] }, Waits(Pool(total)) with { To = ["sink"] }, Waits(feed) with { Options = options with { Queue = 10 } }, Waits(Some.Sink()));

        static ComponentDefinition Waits(ComponentDefinition component) => component with { Mailbox = component.Mailbox with { Overflow = Overflow.Wait } };
    }

    private static ComponentDefinition Pool(int total) => Some.Component<MessageRouter.Filters.TeeFilter>("work") with { Instances = 0, Placement = new PlacementOptions { Total = total } };

    private static IReadOnlyList<WorkerLine> Copies(TestNode node) => node["filters.work"].Workers!;

    private static Task HasCopiesAsync(TestNode node, int count) =>
        Eventually.IsTrueAsync(() => Copies(node).Count(copy => copy.State == "running") == count && Copies(node).Count == count, () => $"{string.Join(", ", Copies(node).Select(copy => copy.State))}");

    private static Task HasNoneInTimeAsync(TestNode node) => Eventually.IsTrueAsync(() =>
    {
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        return Copies(node).Count == 0;
    });

    private static Task HasWorkersAsync(TestNode node, int count) => Eventually.IsTrueAsync(() => node["outputs.feed"].Workers!.Count(line => line.State == "connected") == count);
}
