using CsCheck;
using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Pools;

namespace MessageRouter.Tests.Clustering;

/// <summary>How many copies each node has.</summary>
public class PoolCoordinatorTests
{
    [Theory]
    [InlineData(6, 1000, new[] { 2, 2, 2 })]
    [InlineData(7, 1000, new[] { 3, 2, 2 })]
    [InlineData(2, 1000, new[] { 1, 1, 0 })]
    [InlineData(0, 1000, new[] { 0, 0, 0 })]
    [InlineData(100, 4, new[] { 4, 4, 4 })]
    public void All_nodes_have_as_many_to_within_one_and_no_more_than_they_may(int total, int perNode, int[] expected)
    {
        var pool = Assert.Single(Next([], Node("a", total, perNode), Node("b", total, perNode), Node("c", total, perNode)));

        Assert.Equal(expected, Shares(pool));
        Assert.Equal(total, pool.Total);
    }

    [Fact]
    public void What_one_node_may_not_have_others_have()
    {
        var pool = Assert.Single(Next([], Node("a", 9, perNode: 1), Node("b", 9), Node("c", 9)));

        Assert.Equal([1, 4, 4], Shares(pool));
    }

    [Fact]
    public void Who_comes_later_gets_his_share_when_others_have_ended_theirs_and_not_before()
    {
        var alone = Assert.Single(Next([], Node("a", 4)));
        Assert.Equal([4], Shares(alone));

        var asked = Assert.Single(Next([alone], Node("a", 4, running: 4), Node("b", 4)));
        Assert.Equal([2, 0], Shares(asked));
        Assert.Equal([2, 1], Shares(Assert.Single(Next([asked], Node("a", 4, running: 3), Node("b", 4)))));
        var given = Assert.Single(Next([asked], Node("a", 4, running: 2), Node("b", 4)));
        Assert.Equal([2, 2], Shares(given));
        Assert.Empty(Next([given], Node("a", 4, running: 2), Node("b", 4, running: 1)));
    }

    [Fact]
    public void What_a_node_had_that_is_gone_others_have_at_once()
    {
        var pool = Assert.Single(Next([], Node("a", 4), Node("b", 4)));

        Assert.Equal([4], Shares(Assert.Single(Next([pool], Node("b", 4, running: 2)))));
    }

    [Fact]
    public void Who_leaves_has_none_and_what_it_still_has_counts_until_it_has_ended()
    {
        var pool = Assert.Single(Next([], Node("a", 4), Node("b", 4)));

        var leaving = Assert.Single(Next([pool], Node("a", 4, perNode: 0, running: 2), Node("b", 4, running: 2)));
        Assert.Equal([0, 2], Shares(leaving));
        Assert.Equal([0, 4], Shares(Assert.Single(Next([leaving], Node("a", 4, perNode: 0), Node("b", 4, running: 2)))));
    }

    [Fact]
    public void Another_number_in_the_files_is_in_force_when_all_nodes_say_so()
    {
        var pool = Assert.Single(Next([], Node("a", 4), Node("b", 4)));

        Assert.Empty(Next([pool], Node("a", 6, running: 2), Node("b", 4, running: 2)));
        Assert.Equal(6, Assert.Single(Next([pool], Node("a", 6, running: 2), Node("b", 6, running: 2))).Total);
    }

    [Fact]
    public void A_number_that_was_asked_for_stays_until_the_files_say_another_one()
    {
        var pool = Assert.Single(Next([], Node("a", 4))) with { Total = 9 };
        var resized = Assert.Single(Next([pool], Node("a", 4)));

        Assert.Equal([9], Shares(resized));
        Assert.Empty(Next([resized], Node("a", 4, running: 9)));
        Assert.Equal([5], Shares(Assert.Single(Next([resized], Node("a", 5, running: 9)))));
    }

    [Fact]
    public void What_another_coordinator_has_decided_is_said_again_with_an_epoch_that_it_cannot_reach()
    {
        var pool = Assert.Single(Next([], Node("a", 4)));

        var again = Assert.Single(PoolCoordinator.Next([pool], [Node("a", 4)], coordinator: 8));

        Assert.Equal(Shares(pool), Shares(again));
        Assert.True(again.Epoch > pool.Epoch + 1000);
    }

    [Fact]
    public void There_are_never_more_than_there_are_to_be_and_in_the_end_as_many_whoever_comes_and_goes() =>
        Gen.Select(Gen.Int[0, 12], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[0, 5]).Array[1, 40]).Sample((total, steps) =>
        {
            var running = new Dictionary<string, (int PerNode, int Running)>();
            PoolShares? pool = null;
            foreach (var (which, what, number) in steps)
            {
                var name = ((char)('a' + which)).ToString();
                if (what == 0) running.Remove(name);
                else if (!running.ContainsKey(name)) running[name] = (number + 1, 0);

                // A node starts and ends what it is told to, sooner or later.
                else if (pool is not null) running[name] = running[name] with { Running = Towards(running[name].Running, pool.Shares.GetValueOrDefault(name), number) };
                Decide();
                Assert.True(running.Values.Sum(node => node.Running) <= total);
            }
            for (var turn = 0; turn < 40 && pool is not null; turn++)
            {
                foreach (var name in running.Keys.ToList()) running[name] = running[name] with { Running = pool.Shares.GetValueOrDefault(name) };
                Decide();
            }
            Assert.Equal(Math.Min(total, running.Values.Sum(node => node.PerNode)), running.Values.Sum(node => node.Running));

            void Decide() => pool = Next(pool is null ? [] : [pool], [.. running.Select(node => Node(node.Key, total, node.Value.PerNode, node.Value.Running))]) is [var next] ? next : pool;
        });

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Epoch":1,"Name":"x","Total":2,"Written":2,"Shares":null}""")]
    [InlineData("no")]
    public void What_a_node_of_another_kind_has_written_is_passed_over(string json) => Assert.Null(PoolShares.FromJson(json));

    [Fact]
    public void A_decision_is_read_as_it_was_written()
    {
        var pool = Assert.Single(Next([], Node("a", 4), Node("b", 4)));
        var read = PoolShares.FromJson(pool.ToJson())!;

        Assert.Equal((pool.Epoch, pool.Name, pool.Total, pool.Written), (read.Epoch, read.Name, read.Total, read.Written));
        Assert.Equal(pool.Shares, read.Shares);
    }

    private static int Towards(int now, int wanted, int most) => wanted > now ? Math.Min(wanted, now + most) : Math.Max(wanted, now - most);

    private static int[] Shares(PoolShares pool) => [.. pool.Shares.OrderBy(share => share.Key, StringComparer.Ordinal).Select(share => share.Value)];

    private static IReadOnlyList<PoolShares> Next(IEnumerable<PoolShares> pools, params NodeProfile[] nodes) => PoolCoordinator.Next(pools, nodes, coordinator: 7);

    private static NodeProfile Node(string name, int total, int perNode = 1000, int running = 0) => new(name, "1", [], []) { Pools = [new PoolCandidate("filters.x", total, perNode, running)] };
}
