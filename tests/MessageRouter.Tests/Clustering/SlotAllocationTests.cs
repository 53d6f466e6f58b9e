using CsCheck;
using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Distribution;

namespace MessageRouter.Tests.Clustering;

/// <summary>Whose slots are, as one node decides it.</summary>
public class SlotAllocationTests
{
    private static readonly SlotTable Empty = SlotTable.Of("jobs", "k", DeliveryMode.AtLeastOnce);

    [Fact]
    public void All_who_take_a_stream_have_as_many_slots_to_within_one()
    {
        Assert.Equal([342, 341, 341], Shares(Settle(Empty, "a", "b", "c")));
        Assert.Equal([1024], Shares(Settle(Empty, "a")));
        Assert.Equal(SlotTable.Count, Settle(Empty).Held);
        Assert.Equal(1024, Settle(Empty, [.. Enumerable.Range(0, 2000).Select(n => $"{n}")]).Takers.Count);
    }

    [Fact]
    public void Only_as_many_slots_change_hands_as_must() =>
        Gen.Int[0, 9].Array[1, 20].Sample(steps =>
        {
            HashSet<string> here = [];
            var table = Empty;
            foreach (var step in steps)
            {
                var (name, before, comes) = ($"{step}", table, !here.Contains($"{step}"));
                if (comes) here.Add(name);
                else here.Remove(name);
                table = Settle(table, [.. here]);
                if (here.Count == 0) continue;
                var moved = Enumerable.Range(0, SlotTable.Count).Where(slot => table.OwnerOf(slot) != before.OwnerOf(slot)).ToList();
                Assert.All(moved, slot => Assert.Equal(name, comes ? table.OwnerOf(slot) : before.OwnerOf(slot)));
                Assert.InRange(Shares(table).Max() - Shares(table).Min(), 0, 1);
            }
        }, iter: 100);

    [Fact]
    public void A_slot_is_nobodys_until_all_who_feed_the_stream_have_nothing_of_it_out()
    {
        var settled = Settle(Empty, "a");
        StreamFeeding[] feeders = [Feeder(1), Feeder(2)];
        var table = Next(Next(settled, ["a"], feeders)!, ["a", "b"], feeders)!;

        Assert.Equal(512, table.Held);
        Assert.All(Enumerable.Range(0, SlotTable.Count), slot => Assert.NotEqual("b", table.OwnerOf(slot)));
        Assert.Null(Next(table, ["a", "b"], [Feeder(1) with { Finished = table.Epoch }, Feeder(2) with { Finished = table.Epoch - 1 }]));

        var granted = Next(table, ["a", "b"], [Feeder(1) with { Finished = table.Epoch }, Feeder(2) with { Finished = table.Epoch }])!;
        Assert.Equal([512, 512], Shares(granted));
    }

    [Fact]
    public void It_is_nobodys_too_until_all_who_take_the_stream_have_nothing_of_those_who_are_gone()
    {
        var table = Next(Settle(Empty, "a"), ["a", "b"], [Feeder(1)])!;

        Assert.Null(Next(table, ["a", "b"], [Feeder(1) with { Finished = table.Epoch }], finished: table.Epoch - 1));
        Assert.Equal(0, Next(table, ["a", "b"], [Feeder(1) with { Finished = table.Epoch }], finished: table.Epoch)!.Held);
    }

    [Fact]
    public void Who_feeds_the_stream_and_is_gone_is_not_waited_for_and_who_comes_is()
    {
        var table = Next(Settle(Empty, "a"), ["a", "b"], [Feeder(1), Feeder(2)])!;
        Assert.Equal([1, 2], table.Feeders);

        var left = Next(table, ["a", "b"], [Feeder(1) with { Finished = table.Epoch }])!;
        Assert.Equal([1], left.Feeders);
        Assert.Equal(table.Held, left.Held);
        var come = Next(left, ["a", "b"], [Feeder(1) with { Finished = left.Epoch }, Feeder(3)])!;

        Assert.Null(Next(come, ["a", "b"], [Feeder(1) with { Finished = come.Epoch }, Feeder(3)]));
        Assert.Equal(0, Next(come, ["a", "b"], [Feeder(1) with { Finished = come.Epoch }, Feeder(3) with { Finished = come.Epoch }])!.Held);
    }

    [Fact]
    public void An_owner_that_comes_back_while_its_slots_are_nobodys_gets_them_only_then_too()
    {
        var table = Next(Settle(Empty, "a", "b"), ["a"], [Feeder(1)])!;

        Assert.Null(Next(table, ["a", "b"], [Feeder(1)]));
        Assert.Equal([512, 512], Shares(Next(table, ["a", "b"], [Feeder(1) with { Finished = table.Epoch }])!));
    }

    [Fact]
    public void Each_coordinator_writes_epochs_of_its_own_that_are_newer_than_all_before() =>
        Gen.Int[int.MinValue, int.MaxValue].Array[1, 30].Sample(coordinators =>
        {
            HashSet<long> all = [];
            var epoch = 0L;
            foreach (var coordinator in coordinators)
            {
                var next = AgreementEpoch.After(epoch, coordinator);
                Assert.True(next > epoch && all.Add(next));
                Assert.Equal(next + 1, AgreementEpoch.After(next, coordinator));
                Assert.NotEqual(AgreementEpoch.After(epoch, coordinator ^ 1), next);
                epoch = next;
            }
        });

    [Fact]
    public void After_a_table_of_another_coordinator_comes_one_of_this_ones_own_though_it_says_the_same()
    {
        var table = Settle(Empty, "a", "b");
        var own = SlotAllocation.Next(table, Even("a", "b"), long.MaxValue, [Feeder(1)], AgreementEpoch.After(table.Epoch, coordinator: 8))!;

        Assert.Equal(table.Slots, own.Slots);
        Assert.Null(SlotAllocation.Next(own, Even("a", "b"), long.MaxValue, [Feeder(1)], AgreementEpoch.After(own.Epoch, coordinator: 8)));
    }

    [Fact]
    public void A_node_that_takes_a_stream_by_several_inputs_has_a_share_for_each_and_one_that_leaves_has_none()
    {
        var tables = Coordinate([Node("a", offers: ["a:1", "a:2"]), Node("b", offers: ["b:1", "b:2"], leaving: "b:2"), Node("c", feed: Feeder(1))]);

        Assert.Equal(["a:1", "a:2", "b:1"], Assert.Single(tables).Takers);
        Assert.Equal(["b:2"], Assert.Single(Coordinate([Node("b", offers: ["b:2"], leaving: "b:2"), Node("c", feed: Feeder(1))])).Takers);
    }

    [Fact]
    public void Who_takes_more_has_more_for_his_weight_and_who_takes_nothing_now_has_nothing()
    {
        NodeProfile[] nodes = [Weighted("a", 4), Weighted("b", 2), Weighted("c", 0), Node("d", feed: Feeder(1) with { Finished = long.MaxValue })];
        var table = Assert.Single(Coordinate(nodes));

        Assert.Equal([("a:1", 682), ("b:1", 342)], table.Slots.CountBy(slot => table.Takers[slot]).Select(share => (share.Key, share.Value)).Order());
    }

    [Fact]
    public void Who_leaves_keeps_its_slots_until_one_of_those_that_stay_takes_something()
    {
        NodeProfile[] nodes = [Weighted("a", 2), Weighted("b", 0), Node("c", feed: Feeder(1) with { Finished = long.MaxValue })];
        var before = Assert.Single(Coordinate(nodes));
        nodes[0] = nodes[0] with { Offers = [nodes[0].Offers[0] with { IsLeaving = true }] };

        Assert.Same(before, Assert.Single(Coordinate(nodes, before)));
        var after = Assert.Single(Coordinate([nodes[0], Weighted("b", 1), nodes[2]], before));

        Assert.Equal(["b:1"], after.Takers);
        Assert.Equal(0, after.Held);
    }

    [Fact]
    public void Who_takes_little_beside_others_has_a_slot_all_the_same()
    {
        string[] few = [.. Enumerable.Range(0, 100).Select(n => $"few{n}")];
        var table = Settle(Empty, few.Append("much").ToDictionary(taker => taker, taker => taker == "much" ? 1000 : 1));

        Assert.Equal([924, .. Enumerable.Repeat(1, 100)], Shares(table));
        Assert.Equal(Enumerable.Repeat(1, 1024), Shares(Settle(Empty, Enumerable.Range(0, 1024).ToDictionary(n => $"{n}", n => n == 0 ? 1000 : 1))));
        Assert.Equal([512, 512], Shares(Settle(Empty, new Dictionary<string, int> { ["a"] = int.MaxValue, ["b"] = int.MaxValue })));
    }

    [Fact]
    public void Each_has_as_many_slots_for_its_weight_to_within_one_but_at_least_one() =>
        Gen.Int[1, 1000].Array[1, 60].Sample(weights =>
        {
            var takers = weights.Select((weight, n) => (Name: $"{n}", Weight: weight)).ToDictionary(taker => taker.Name, taker => taker.Weight);
            var table = Settle(Empty, takers);

            var slots = table.Slots.CountBy(slot => table.Takers[slot]).ToDictionary();
            Assert.Equal(takers.Keys.Order(), slots.Keys.Order());
            foreach (var (one, weight) in takers) Assert.All(takers, other => Assert.True((slots[one] - 1) * other.Value <= (slots[other.Key] + 1) * weight));
        }, iter: 200);

    [Fact]
    public void Where_a_weight_changes_only_as_many_slots_change_hands_as_must()
    {
        var before = Settle(Empty, "a", "b", "c");
        var after = Settle(before, new Dictionary<string, int> { ["a"] = 4, ["b"] = 1, ["c"] = 1 });

        Assert.Equal([682, 171, 171], Shares(after));
        Assert.Equal(682 - 342, Enumerable.Range(0, SlotTable.Count).Count(slot => before.OwnerOf(slot) != after.OwnerOf(slot)));
    }

    [Fact]
    public void Who_feeds_a_stream_by_another_key_waits_until_those_who_were_there_first_are_gone()
    {
        NodeProfile[] both = [Node("a", offers: ["a:1"]), Node("b", feed: Feeder(1)), Node("c", feed: Feeder(2) with { Key = "other" })];
        var table = Assert.Single(Coordinate(both));
        Assert.Equal("k", table.Key);
        Assert.Equal([1], table.Feeders);

        var later = Assert.Single(Coordinate([both[0], both[2]], table));
        Assert.Equal(("other", 0), (later.Key, later.Held));
        Assert.Equal([2], later.Feeders);
    }

    [Fact]
    public void A_table_is_read_as_it_was_written_and_what_is_none_is_not()
    {
        var table = Settle(Empty, "a", "b");
        var read = SlotTable.FromJson(table.ToJson())!;

        Assert.Equal((table.Epoch, table.Key, table.Delivery), (read.Epoch, read.Key, read.Delivery));
        Assert.Equal(table.Slots, read.Slots);
        Assert.Null(SlotTable.FromJson("{}"));
        Assert.Null(SlotTable.FromJson("nothing"));
        Assert.Null(SlotTable.FromJson((table with { Takers = [] }).ToJson()));
    }

    private static StreamFeeding Feeder(long number) => new("jobs", DeliveryMode.AtLeastOnce, "key", "k") { Feeder = number };

    private static NodeProfile Node(string name, string[]? offers = null, string leaving = "", StreamFeeding? feed = null) =>
        new(name, "1", [.. (offers ?? []).Select(offer => new StreamOffer("jobs", name, offer, DeliveryMode.AtLeastOnce) { IsLeaving = offer == leaving })], feed is null ? [] : [feed]);

    private static NodeProfile Weighted(string name, int weight) => new(name, "1", [new StreamOffer("jobs", name, $"{name}:1", DeliveryMode.AtLeastOnce) { Weight = weight, Finished = long.MaxValue }], []);

    private static Dictionary<string, int> Even(params string[] takers) => takers.ToDictionary(taker => taker, _ => 1);

    private static SlotTable? Next(SlotTable table, string[] takers, StreamFeeding[] feeders, long finished = long.MaxValue) =>
        SlotAllocation.Next(table, Even(takers), finished, feeders, AgreementEpoch.After(table.Epoch, coordinator: 7));

    private static SlotTable Settle(SlotTable table, params string[] takers) => Settle(table, Even(takers));

    private static SlotTable Settle(SlotTable table, Dictionary<string, int> takers)
    {
        while (SlotAllocation.Next(table, takers, long.MaxValue, [Feeder(1) with { Finished = table.Epoch }], AgreementEpoch.After(table.Epoch, coordinator: 7)) is { } next) table = next;
        return table;
    }

    /// <summary>What is decided when all say at once that they have nothing out.</summary>
    private static IReadOnlyList<SlotTable> Coordinate(NodeProfile[] nodes, params SlotTable[] tables)
    {
        var all = tables.ToDictionary(table => table.Stream);
        while (SlotCoordinator.Next(all.Values, nodes, coordinator: 7) is { Count: > 0 } next)
        {
            foreach (var table in next) all[table.Stream] = table;
            nodes =
            [
                .. nodes.Select(node => node with
                {
                    Feeds = [.. node.Feeds.Select(feed => feed with { Finished = all[feed.Stream].Epoch })],
                    Offers = [.. node.Offers.Select(offer => offer with { Finished = all[offer.Stream].Epoch })],
                }),
            ];
        }
        return [.. all.Values];
    }

    private static IEnumerable<int> Shares(SlotTable table) => table.Slots.Where(owner => owner != SlotTable.Nobody).CountBy(owner => owner).Select(share => share.Value).OrderDescending();
}
