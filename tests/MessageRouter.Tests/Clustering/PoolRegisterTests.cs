using MessageRouter.Cluster.Pools;
using MessageRouter.Pools;

namespace MessageRouter.Tests.Clustering;

/// <summary>What a node hears of what the cluster places.</summary>
public class PoolRegisterTests
{
    private readonly PoolRegister _register = new(() => { }) { Node = "a" };
    private readonly List<int> _told = [];

    public PoolRegisterTests() => _register.Join("workers.w", new PlacementOptions { Total = 4 }, _told.Add);

    [Fact]
    public void None_is_told_as_any_other_number_is_and_once()
    {
        Decide(1, ("a", 0));
        Decide(2, ("a", 0), ("b", 4));
        Decide(3, ("a", 2), ("b", 2));

        Assert.Equal([0, 2], _told);
    }

    [Fact]
    public void As_long_as_no_decision_knows_of_the_node_it_goes_on_with_what_it_has()
    {
        Decide(1, ("b", 4));
        Assert.Empty(_told);

        Decide(2, ("a", 2), ("b", 2));
        Assert.Equal([2], _told);
    }

    [Fact]
    public void One_that_has_forgotten_the_node_has_given_to_others_what_it_had()
    {
        Decide(1, ("a", 2), ("b", 2));
        Decide(2, ("b", 4));

        Assert.Equal([2, 0], _told);
    }

    private void Decide(long epoch, params IEnumerable<(string Node, int Share)> shares) =>
        _register.Set([new PoolShares(epoch, "workers.w", 4, 4, shares.ToDictionary(each => each.Node, each => each.Share))]);
}
