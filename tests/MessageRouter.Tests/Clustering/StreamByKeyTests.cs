using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Clustering;

/// <summary>Streams of a cluster that are fed by key: each key is one node's.</summary>
public class StreamByKeyTests
{
    private const int Keys = 40;

    private readonly ProbeSource _source = new();
    private readonly ProbeSource _other = new();
    private readonly FakeCluster _cluster = new();
    private int _sent;

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task A_key_is_one_nodes_whoever_feeds_it_and_in_order(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery));
        await using var another = await _cluster.StartAsync("another", _other.Input(), Feed(delivery));
        await using var one = await _cluster.StartAsync("one", Work(delivery));
        await using var two = await _cluster.StartAsync("two", Work(delivery));
        await IsDividedAsync(2);

        for (var round = 0; round < 5; round++)
        {
            Send(_source);
            Send(_other);
        }
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out + another["outputs.feed"].Out == _sent && one["outputs.sink"].Out + two["outputs.sink"].Out == _sent);

        var (first, second) = (Read(one.Texts("outputs.sink")), Read(two.Texts("outputs.sink")));
        Assert.Empty(first.Select(each => each.Key).Intersect(second.Select(each => each.Key)));
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);
        InOrder(first);
        InOrder(second);
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task Nodes_that_come_and_go_under_load_cost_nothing(DeliveryMode delivery)
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed(delivery));
        await using var one = await _cluster.StartAsync("one", Work(delivery));
        await IsDividedAsync(1);
        for (var round = 0; round < 20; round++) Send(_source);
        await using var two = await _cluster.StartAsync("two", Work(delivery));
        for (var round = 0; round < 20; round++) Send(_source);
        await IsDividedAsync(2);
        for (var round = 0; round < 20; round++) Send(_source);

        var stopping = one.StopWhileTimePassesAsync();
        for (var round = 0; round < 20; round++) Send(_source);
        Assert.True(await stopping);

        await Eventually.IsTrueAsync(() => one["outputs.sink"].Out + two["outputs.sink"].Out == _sent, () => $"{one["outputs.sink"].Out} {two["outputs.sink"].Out} of {_sent}");
        InOrder(Read(one.Texts("outputs.sink")));
        InOrder(Read(two.Texts("outputs.sink")));
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == _sent);
    }

    [Fact]
    public async Task An_input_of_a_larger_weight_has_as_many_more_slots_and_a_reload_changes_that()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        await using var one = await _cluster.StartAsync("one", Work());
        await using var two = await _cluster.StartAsync("two", Work());
        await IsDividedAsync(2);
        Send(_source);

        await one.Node.ReloadAsync(Some.Chain(Work(weight: 4)));
        Send(_source);

        await Eventually.IsTrueAsync(() => Shares() is [{ Node: "one", Slots: 819 or 820 }, { Node: "two", Slots: 204 or 205 }]);
        await Eventually.IsTrueAsync(() => one["outputs.sink"].Out + two["outputs.sink"].Out == _sent);
        Send(_source);
        await Eventually.IsTrueAsync(() => one["outputs.sink"].Out + two["outputs.sink"].Out == _sent);
        InOrder(Read(one.Texts("outputs.sink")));
        InOrder(Read(two.Texts("outputs.sink")));

        IReadOnlyList<SlotShare>? Shares() => Assert.Single(_cluster.View("feeder").Streams()).Keys?.Shares;
    }

    [Fact]
    public async Task A_new_owner_gets_nothing_before_the_last_one_has_answered_for_all_that_it_had()
    {
        var gate = new Gate();
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        await using var one = await _cluster.StartAsync("one", Work(), gate.Output());
        await IsDividedAsync(1);
        Send(_source);
        await one.HoldsAsync("outputs/sink", Keys);

        await using var two = await _cluster.StartAsync("two", Work());
        await Eventually.IsTrueAsync(() => _cluster.Decided[^1].Held == SlotTable.Count / 2);
        Send(_source);
        await feeder.HandledAsync("outputs/feed");
        Assert.Equal(0, two["inputs.work"].In);

        gate.Open();
        await Eventually.IsTrueAsync(() => gate.Taken.Count + two["outputs.sink"].Out == _sent);
        var moved = Read(two.Texts("outputs.sink"));
        Assert.NotEmpty(moved);
        Assert.All(moved, each => Assert.InRange(each.Number, Keys, _sent));
        Assert.Empty(Read(gate.Taken).Where(each => each.Number >= Keys).Select(each => each.Key).Intersect(moved.Select(each => each.Key)));
    }

    [Fact]
    public async Task What_a_node_had_that_is_gone_goes_to_the_next_owner_before_what_is_newer()
    {
        var gate = new Gate();
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        var goes = await _cluster.StartAsync("goes", Work(), gate.Output());
        await IsDividedAsync(1);
        Send(_source);
        await goes.HoldsAsync("outputs/sink", Keys);
        await using var stays = await _cluster.StartAsync("stays", Work());
        Send(_source);

        _cluster.Forget("goes");
        using var atOnce = new CancellationTokenSource();
        var stopping = goes.StopWhileTimePassesAsync(atOnce.Token);
        await atOnce.CancelAsync();
        gate.Open();
        await stopping;
        Send(_source);

        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == _sent, () => feeder.Node.Ledger().ToJson());
        InOrder(Read(stays.Texts("outputs.sink")));
        Assert.Equal(_sent, stays.Texts("outputs.sink").Concat(gate.Taken).Distinct().Count());
        await goes.DisposeAsync();
    }

    [Fact]
    public async Task What_nobody_takes_waits_and_follows_the_mailboxs_policy_counted_as_no_member()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed().Bounded(10, Overflow.DropNewest));
        Send(_source);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Dropped.GetValueOrDefault(DropReasons.NoMember) == Keys - 10);

        await using var late = await _cluster.StartAsync("late", Work());
        Assert.Equal(Enumerable.Range(0, 10), Read(await late.SinkAsync(10)).Select(each => each.Number));
    }

    [Fact]
    public async Task Who_has_stood_still_gives_nothing_until_the_cluster_has_taken_it_in_again()
    {
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Feed());
        await using var one = await _cluster.StartAsync("one", Work());
        await IsDividedAsync(1);
        var before = Assert.Single(_cluster.Decided[^1].Feeders);
        _cluster.Sleep("feeder", sleeps: true);
        Send(_source);
        await feeder.HandledAsync("outputs/feed");
        Assert.Equal(0, one["inputs.work"].In);

        _cluster.Sleep("feeder", sleeps: false);

        Assert.Equal(Keys, (await one.SinkAsync(Keys)).Count);
        Assert.NotEqual(before, Assert.Single(_cluster.Decided[^1].Feeders));
    }

    [Fact]
    public async Task Who_is_out_of_touch_with_half_of_the_nodes_gives_nothing_when_they_may_be_about_to_take_it_to_be_gone_not_even_to_itself()
    {
        await using var alone = await _cluster.StartAsync("alone", Some.Node(_source.Input().To("feed"), Work().To("sink"), Feed(), Some.Sink()));
        await using var other = await _cluster.StartAsync("other", Some.Chain(new ProbeSource().Input()));
        await IsDividedAsync(1);
        var before = Assert.Single(_cluster.Decided[^1].Feeders);

        _cluster.Lose("alone", isLost: true);
        _cluster.Clock.Advance(FakeCluster.Patience);
        Send(_source);
        Assert.Equal(Keys, (await alone.SinkAsync(Keys)).Count);

        _cluster.Clock.Advance(TimeSpan.FromTicks(1));
        _cluster.View("alone").TellTables();
        Send(_source);
        await alone.HandledAsync("outputs/feed");
        Assert.Equal(Keys, alone["inputs.work"].In);

        _cluster.Lose("alone", isLost: false);
        _cluster.View("alone").TellTables();

        Assert.Equal(2 * Keys, (await alone.SinkAsync(2 * Keys)).Count);
        Assert.NotEqual(before, Assert.Single(_cluster.Decided[^1].Feeders));
    }

    [Fact]
    public async Task A_node_that_takes_what_it_feeds_itself_stops_without_a_loss()
    {
        var alone = await _cluster.StartAsync("alone", Some.Node(_source.Input().To("feed"), Work().To("sink"), Feed(), Some.Sink()));
        await IsDividedAsync(1);
        for (var round = 0; round < 50; round++) Send(_source);

        Assert.True(await alone.StopWhileTimePassesAsync());

        Assert.Equal(_sent, alone["outputs.sink"].Out);
        await alone.DisposeAsync();
    }

    [Fact]
    public void A_stream_that_is_fed_in_several_ways_is_told_and_one_that_is_fed_by_key_with_whose_the_keys_are()
    {
        var table = SlotTable.Of("jobs", "k", DeliveryMode.AtLeastOnce) with { Epoch = (2L << 32) + 17, Takers = ["a:1", "a:2", "gone:1"], Slots = [.. Enumerable.Range(0, SlotTable.Count).Select(n => n % 4 - 1)] };
        var feeding = new StreamFeeding("jobs", DeliveryMode.AtLeastOnce, "key", "k");
        KnownMember[] members =
        [
            Member("a", [new StreamOffer("jobs", "a", "a:1", DeliveryMode.AtLeastOnce), new StreamOffer("jobs", "a", "a:2", DeliveryMode.AtLeastOnce)], feeding),
            Member("b", [], feeding with { Key = "other" }),
            Member("c", [], new StreamFeeding("jobs", DeliveryMode.AtLeastOnce, "round-robin"), feeding),
        ];

        var status = StreamStatuses.Of("jobs", [], members, table);

        Assert.Equal("it is fed in several ways: key k, at-least-once by a, c; key other, at-least-once by b; round-robin, at-least-once by c", status.Problem);
        Assert.Equal(("k", "2.17", 256), (status.Keys!.Key, status.Keys.Epoch, status.Keys.Moving));
        Assert.Equal([new SlotShare("a", 512), new SlotShare("gone:1", 256)], status.Keys.Shares);
        var one = new StreamOffer("jobs", "a", "a:1", DeliveryMode.AtLeastOnce);
        var weighted = StreamStatuses.Of("jobs", [one, one with { Endpoint = "a:2", Weight = 4 }, one with { Node = "b", Endpoint = "b:1" }], members, table);
        Assert.Equal(["a", "a", "b"], weighted.OfferedBy);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 5, ["b"] = 1 }, weighted.Weights);
        Assert.Null(StreamStatuses.Of("jobs", [], members[..1], null).Problem);
        Assert.Null(StreamStatuses.Of("jobs", [], [Member("c", [], new StreamFeeding("jobs", DeliveryMode.AtLeastOnce, "round-robin")), Member("d", [], new StreamFeeding("jobs", DeliveryMode.AtLeastOnce, "least-busy"))], null).Problem);
    }

    [Fact]
    public void The_nodes_for_which_slots_wait_that_change_hands_are_named()
    {
        const long Epoch = (2L << 32) + 17;
        var table = SlotTable.Of("jobs", "k", DeliveryMode.AtLeastOnce) with { Epoch = Epoch, Takers = ["taker:1"], Slots = [.. Enumerable.Range(0, SlotTable.Count).Select(n => n % 2 - 1)] };
        var feeding = new StreamFeeding("jobs", DeliveryMode.AtLeastOnce, "key", "k") { Feeder = 1, Finished = Epoch - 1 };
        var offer = new StreamOffer("jobs", "any", "any:1", DeliveryMode.AtLeastOnce) { Finished = Epoch - 1 };
        KnownMember[] members =
        [
            Member("takes and has said it", [offer with { Finished = Epoch }]),
            Member("feeds and has said it", [], feeding with { Finished = Epoch }),
            Member("takes otherwise", [offer with { Delivery = DeliveryMode.AtMostOnce }, offer with { Stream = "other" }]),
            Member("feeds otherwise", [], feeding with { Key = "other" }, feeding with { Stream = "other" }),
            Member("asks to feed it", [], feeding with { Feeder = 0 }),
            Member("takes it", [offer, offer with { Endpoint = "any:2" }]),
            Member("feeds it", [], feeding),
        ];

        Assert.Equal(["feeds it", "takes it"], StreamStatuses.Of("jobs", [], members, table).Keys!.WaitsFor);
        Assert.Empty(StreamStatuses.Of("jobs", [], members, table with { Slots = [.. table.Slots.Select(_ => 0)] }).Keys!.WaitsFor);
    }

    private static KnownMember Member(string name, StreamOffer[] offers, params StreamFeeding[] feeds) => new(new ClusterMember(name, name, "up", IsReachable: true), new NodeProfile(name, "1", offers, feeds));

    private static ComponentDefinition Work(DeliveryMode delivery = DeliveryMode.AtLeastOnce, int weight = 1) => Some.Component<ClusterInput>("work", new ClusterInput.Options { Stream = "jobs", Delivery = delivery, Weight = weight });

    private static ComponentDefinition Feed(DeliveryMode delivery = DeliveryMode.AtLeastOnce) =>
        Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "jobs", Route = StreamRoute.Key, Key = "k", Delivery = delivery });

    /// <summary>A message of each key.</summary>
    private void Send(ProbeSource source)
    {
        source.Send([.. Enumerable.Range(_sent, Keys).Select(n => $$"""{"k":{{n % Keys}},"n":{{n}},"by":"{{(source == _source ? "one" : "other")}}"}""")]);
        _sent += Keys;
    }

    private Task IsDividedAsync(int takers) => Eventually.IsTrueAsync(() => _cluster.Decided is [.., var last] && last.Held == 0 && last.Takers.Count == takers && last.Feeders.Count > 0);

    private static IReadOnlyList<(string By, int Key, int Number)> Read(IEnumerable<string> texts) => [.. texts.Select(JObject.Parse).Select(body => ((string)body["by"]!, (int)body["k"]!, (int)body["n"]!))];

    private static void InOrder(IEnumerable<(string By, int Key, int Number)> read) =>
        Assert.All(read.GroupBy(each => (each.By, each.Key), each => each.Number), key => Assert.Equal(key.Distinct().Order(), key.Distinct()));
}
