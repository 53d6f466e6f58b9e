using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Singletons;

namespace MessageRouter.Tests.Clustering;

/// <summary>Who is a singleton.</summary>
public class SingletonCoordinatorTests
{
    [Fact]
    public void Whoever_is_it_stays_it_while_he_is_a_candidate_and_nobody_is_when_there_is_none()
    {
        var first = Assert.Single(Next([], Node("a", ("x", 1))));
        Assert.Equal(("x", 1L), (first.Name, first.Candidate));

        Assert.Empty(Next([first], Node("a", ("x", 1)), Node("b", ("x", 2))));
        var second = Assert.Single(Next([first], Node("a"), Node("b", ("x", 2))));
        Assert.Equal((2L, first.Epoch + 1), (second.Candidate, second.Epoch));
        var third = Assert.Single(Next([second], Node("a")));
        Assert.Equal((0L, second.Epoch + 1), (third.Candidate, third.Epoch));
        Assert.Empty(Next([third], Node("a")));
    }

    [Fact]
    public void A_component_that_is_a_candidate_anew_waits_for_its_turn_as_any_other()
    {
        var first = Assert.Single(Next([], Node("b", ("x", 1))));

        var second = Assert.Single(Next([first], Node("a", ("x", 3)), Node("b", ("x", 2))));

        Assert.Equal(3, second.Candidate);
    }

    [Fact]
    public void They_are_spread_over_the_nodes()
    {
        var holders = Next([], Node("a", ("x", 1), ("y", 2), ("z", 3)), Node("b", ("x", 4), ("y", 5), ("z", 6)), Node("c", ("z", 7)));

        Assert.Equal([("x", 1L), ("y", 5L), ("z", 7L)], holders.Select(holder => (holder.Name, holder.Candidate)));
    }

    [Fact]
    public void What_another_coordinator_has_decided_is_said_again_with_an_epoch_that_it_cannot_reach()
    {
        var first = Assert.Single(Next([], Node("a", ("x", 1))));

        var again = Assert.Single(SingletonCoordinator.Next([first], [Node("a", ("x", 1))], coordinator: 8));

        Assert.Equal(1, again.Candidate);
        Assert.True(again.Epoch > Next([first], Node("b"))[0].Epoch + 1000);
        Assert.Empty(SingletonCoordinator.Next([again], [Node("a", ("x", 1))], coordinator: 8));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"Epoch\":1,\"Name\":null,\"Candidate\":2}")]
    [InlineData("no")]
    public void What_a_node_of_another_kind_has_written_is_passed_over(string json) => Assert.Null(SingletonHolder.FromJson(json));

    private static IReadOnlyList<SingletonHolder> Next(IEnumerable<SingletonHolder> holders, params NodeProfile[] nodes) => SingletonCoordinator.Next(holders, nodes, coordinator: 7);

    private static NodeProfile Node(string name, params (string Name, long Number)[] candidates) =>
        new(name, "1", [], []) { Singletons = [.. candidates.Select(candidate => new SingletonCandidate(candidate.Name, candidate.Number))] };
}
