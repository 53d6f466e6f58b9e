using MessageRouter.Cluster.Streams;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>Streams of a cluster: outputs that feed them, inputs that take them.</summary>
public class StreamTests
{
    private readonly ProbeSource _source = new();
    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task A_stream_leads_to_all_nodes_that_take_it_in_even_shares(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery: delivery));
        await using var one = await _cluster.StartAsync("one", Work(delivery));
        await using var two = await _cluster.StartAsync("two", Work(delivery));
        await HasWorkersAsync(feeder, 2);

        _source.SendNumbers(1, 100);

        Assert.Equal(50, (await one.SinkAsync(50)).Count);
        Assert.Equal(50, (await two.SinkAsync(50)).Count);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 100);
        Assert.Equal(["one", "two"], feeder["outputs.feed"].Workers!.Select(line => line.Name.Split(' ')[0]).Order());
    }

    [Theory]
    [InlineData(StreamRoute.RoundRobin, DeliveryMode.AtMostOnce)]
    [InlineData(StreamRoute.RoundRobin, DeliveryMode.AtLeastOnce)]
    [InlineData(StreamRoute.LeastBusy, DeliveryMode.AtLeastOnce)]
    internal async Task A_node_takes_as_many_shares_as_its_weight_says(StreamRoute route, DeliveryMode delivery)
    {
        var (one, four) = (new Gate(), new Gate());
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(route, delivery));
        await using var small = await _cluster.StartAsync("small", Work(delivery), one.Output());
        await using var large = await _cluster.StartAsync("large", Work(delivery, weight: 4), four.Output());
        await HasWorkersAsync(feeder, 2);

        _source.SendNumbers(1, 200);
        await Eventually.IsTrueAsync(() => small["inputs.work"].In + large["inputs.work"].In == 200);

        Assert.InRange(large["inputs.work"].In, 144, 164);
        one.Open();
        four.Open();
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task Both_ends_of_each_link_know_what_went_over_it(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery: delivery));
        await using var one = await _cluster.StartAsync("one", Work(delivery));
        await using var two = await _cluster.StartAsync("two", Work(delivery));
        await HasWorkersAsync(feeder, 2);

        _source.SendNumbers(1, 100);
        await one.SinkAsync(50);
        await two.SinkAsync(50);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 100);

        TestNode[] nodes = [feeder, one, two];
        var look = nodes.Select(node => node.Node.Status().ToLedger()).ToList();
        var join = LedgerJoin.OfLive([look, look]);
        Assert.True(join.AddsUp);
        Assert.Equal([(50, 50L, 0L), (50, 50L, 0L)], join.Links.Select(link => (link.Sent, link.Received!.Value, link.UnderWay!.Value)));
        Assert.Equal(["outputs.feed", "outputs.feed"], join.Links.Select(link => link.From.Component));
        Assert.Equal([one.Node.Status().Epoch, two.Node.Status().Epoch], join.Links.Select(link => link.To.Epoch).OrderBy(epoch => epoch != one.Node.Status().Epoch));
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task Who_stops_gets_nothing_more_and_nothing_is_lost(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery: delivery));
        await using var stays = await _cluster.StartAsync("stays", Work(delivery));
        await using var goes = await _cluster.StartAsync("goes", Work(delivery));
        await HasWorkersAsync(feeder, 2);
        _source.SendNumbers(1, 1000);

        var stopping = goes.StopWhileTimePassesAsync();
        _source.SendNumbers(1001, 1000);
        Assert.True(await stopping);

        await Eventually.IsTrueAsync(() => stays["outputs.sink"].Out + goes["outputs.sink"].Out == 2000, () => $"{stays["outputs.sink"].Out} {goes["outputs.sink"].Out}");
        Assert.Equal(2000, stays.Texts("outputs.sink").Concat(goes.Texts("outputs.sink")).Distinct().Count());
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 2000);
    }

    [Theory]
    [InlineData(Overflow.DropNewest, 1)]
    [InlineData(Overflow.DropOldest, 16)]
    public async Task What_nobody_takes_waits_and_then_follows_the_mailboxs_policy_counted_as_no_member(Overflow overflow, int first)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed().Bounded(10, overflow));
        foreach (var n in Enumerable.Range(1, 25)) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Dropped.GetValueOrDefault(DropReasons.NoMember) == 15);

        await using var late = await _cluster.StartAsync("late", Work());
        Assert.Equal(Some.Texts(first, 10), await late.SinkAsync(10));
    }

    [Fact]
    public async Task Where_nodes_take_a_stream_a_full_mailbox_is_only_full()
    {
        var gate = new Gate();
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(queue: 1, delivery: DeliveryMode.AtLeastOnce).Bounded(10, Overflow.DropNewest));
        await using var slow = await _cluster.StartAsync("slow", Work(DeliveryMode.AtLeastOnce), gate.Output());
        await HasWorkersAsync(feeder, 1);
        _source.SendNumbers(1, 1);
        await slow.HoldsAsync("outputs/sink", 1);

        _source.SendNumbers(2, 25);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Dropped.Count > 0);

        Assert.Equal([DropReasons.MailboxFull], feeder["outputs.feed"].Dropped.Keys);
        gate.Open();
        await Eventually.IsTrueAsync(() => gate.Taken.Count == 11);
    }

    [Fact]
    public async Task Local_first_keeps_messages_in_the_node_as_long_as_that_has_room()
    {
        var gate = new Gate();
        var both = Some.Node(
            _source.Input().To("feed"), Work(DeliveryMode.AtLeastOnce).To("sink"),
            Feed(StreamRoute.LocalFirst, DeliveryMode.AtLeastOnce, queue: 3), gate.Output());
        await using var other = await _cluster.StartAsync("other", Work(DeliveryMode.AtLeastOnce));
        await using var here = await _cluster.StartAsync("here", both);
        await HasWorkersAsync(here, 2);

        _source.SendNumbers(1, 3);
        await here.HoldsAsync("outputs/sink", 3);
        Assert.Equal(0, other["inputs.work"].In);

        _source.SendNumbers(4, 3);
        Assert.Equal(Some.Texts(4, 3), await other.SinkAsync(3));
        gate.Open();
    }

    [Fact]
    public async Task Broadcast_gives_every_message_to_every_node_once()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(StreamRoute.Broadcast));
        await using var one = await _cluster.StartAsync("one", Work());
        await using var two = await _cluster.StartAsync("two", Work());
        await HasWorkersAsync(feeder, 2);

        _source.SendNumbers(1, 100);

        Assert.Equal(Some.Texts(1, 100), await one.SinkAsync(100));
        Assert.Equal(Some.Texts(1, 100), await two.SinkAsync(100));
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 100);
    }

    [Fact]
    public async Task Both_ends_of_each_link_of_a_broadcast_know_what_went_over_it_and_what_a_node_has_missed()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(StreamRoute.Broadcast, queue: 10));
        await using var one = await _cluster.StartAsync("one", Work());
        await HasWorkersAsync(feeder, 1);
        _source.SendNumbers(1, 5);
        await one.SinkAsync(5);
        await using var late = await _cluster.StartAsync("late", Work());
        await HasWorkersAsync(feeder, 2);
        _source.SendNumbers(6, 5);
        await late.SinkAsync(5);
        await one.SinkAsync(10);

        await JoinAsync(5, 10);
        await late.StopWhileTimePassesAsync();
        await HasWorkersAsync(feeder, 1);
        _source.SendNumbers(11, 3);
        await one.SinkAsync(13);
        var links = await JoinAsync(5, 13);
        var toLate = links.Single(link => link.To.Epoch == late.Node.Status().Epoch);
        Assert.Equal((5, 3), (toLate.BeforeSubscribe, toLate.Dropped["away"]));

        async Task<IReadOnlyList<JoinedLink>> JoinAsync(long sentToLate, long sentToOne)
        {
            await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Downstream?.Sum(line => line.Sent) == sentToLate + sentToOne);
            LedgerSnapshot[] look = [feeder.Node.Ledger(), one.Node.Ledger(), late.Node.Ledger()];
            var join = LedgerJoin.OfLive([look, look]);
            Assert.Empty(join.NodeProblems.Select(pair => pair.Problem));
            Assert.Empty(join.Links.SelectMany(link => link.Problems));
            Assert.True(join.IsComplete);
            Assert.Equal([(sentToLate, sentToLate), (sentToOne, sentToOne)], join.Links.Select(link => (link.Sent, link.Received ?? -1)).Order());
            return join.Links;
        }
    }

    [Fact]
    public async Task Broadcast_gives_a_node_with_several_inputs_every_message_once_to_the_first_of_them_by_name()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(StreamRoute.Broadcast));
        await using var several = await _cluster.StartAsync("several", Some.Node(Work(name: "b").To("sink"), Work(name: "a").To("sink"), Work(DeliveryMode.AtLeastOnce, "0").To("sink"), Some.Sink()));
        await using var one = await _cluster.StartAsync("one", Work());
        await LeadsToAsync(several.CellOf("inputs/a").Endpoints[0], one.CellOf("inputs/work").Endpoints[0]);

        _source.SendNumbers(1, 100);

        Assert.Equal(Some.Texts(1, 100), await several.SinkAsync(100));
        Assert.Equal(Some.Texts(1, 100), await one.SinkAsync(100));
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 100);
        Assert.Equal((100, 0), (several["inputs.a"].In, several["inputs.b"].In));

        Task LeadsToAsync(params string[] endpoints) => Eventually.IsTrueAsync(() =>
            feeder["outputs.feed"].Workers!.Where(line => line.State == "connected").Select(line => line.Name.Split('(', ')')[1]).ToHashSet().SetEquals(endpoints));
    }

    [Fact]
    public async Task What_is_to_be_broadcast_waits_for_the_first_node_and_what_has_no_room_is_counted_as_no_member()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(StreamRoute.Broadcast).Bounded(10, Overflow.DropNewest));
        _source.SendNumbers(1, 25);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Dropped.GetValueOrDefault(DropReasons.NoMember) == 15);

        await using var late = await _cluster.StartAsync("late", Work());
        Assert.Equal(Some.Texts(1, 10), await late.SinkAsync(10));
        await late.StopWhileTimePassesAsync();
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Workers!.All(line => line.State == "gone"));
        _source.SendNumbers(26, 1);
        await using var next = await _cluster.StartAsync("next", Work());
        Assert.Equal(Some.Texts(26, 1), await next.SinkAsync(1));
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task A_node_that_takes_what_it_feeds_itself_stops_without_a_loss(DeliveryMode delivery)
    {
        var alone = await _cluster.StartAsync("alone", Some.Node(_source.Input().To("feed"), Work(delivery).To("sink"), Feed(delivery: delivery), Some.Sink()));
        await HasWorkersAsync(alone, 1);
        _source.SendNumbers(1, 5000);

        Assert.True(await alone.StopWhileTimePassesAsync());

        Assert.Equal(5000, alone["outputs.sink"].Out);
        await alone.DisposeAsync();
    }

    [Fact]
    public async Task Who_takes_a_stream_otherwise_than_it_is_fed_gets_nothing_and_that_is_said()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        await using var other = await _cluster.StartAsync("other", Work(DeliveryMode.AtLeastOnce));

        await Eventually.IsTrueAsync(() => feeder.Log.Lines.Any(line => line.ToString().Contains("taken otherwise by other", StringComparison.Ordinal)));
        Assert.Empty(feeder["outputs.feed"].Workers!);
    }

    [Fact]
    public async Task What_a_node_had_that_is_gone_goes_to_others_where_they_answer()
    {
        var gate = new Gate();
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery: DeliveryMode.AtLeastOnce));
        var goes = await _cluster.StartAsync("goes", Work(DeliveryMode.AtLeastOnce), gate.Output());
        await HasWorkersAsync(feeder, 1);
        _source.SendNumbers(1, 10);
        await goes.HoldsAsync("outputs/sink", 10);
        await using var stays = await _cluster.StartAsync("stays", Work(DeliveryMode.AtLeastOnce));

        _cluster.Forget("goes");
        using var atOnce = new CancellationTokenSource();
        var stopping = goes.StopWhileTimePassesAsync(atOnce.Token);
        await atOnce.CancelAsync();
        gate.Open();
        await stopping;

        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 10);
        Assert.Equal(10, stays.Texts("outputs.sink").Concat(gate.Taken).Distinct().Count());
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Downstream!.All(link => link.Sent == link.Answered + link.Returned));
        Assert.InRange(feeder["outputs.feed"].Downstream!.Sum(link => link.Answered!.Value), 10, 20);
        await goes.DisposeAsync();
    }

    private static ComponentDefinition Work(DeliveryMode delivery = default, string name = "work", int weight = 1) => Some.Component<ClusterInput>(name, new ClusterInput.Options { Stream = "jobs", Delivery = delivery, Weight = weight });

    private static ComponentDefinition Feed(StreamRoute route = default, DeliveryMode delivery = default, int queue = 1000) =>
        Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "jobs", Route = route, Delivery = delivery, Queue = queue });

    private static Task HasWorkersAsync(TestNode node, int count) => Eventually.IsTrueAsync(() => node["outputs.feed"].Workers!.Count(line => line.State == "connected") == count);
}
