using MessageRouter.Cluster.Membership;

namespace MessageRouter.Tests.Clustering;

/// <summary>For how long those who go on wait for those who were given up.</summary>
public sealed class MarginTests
{
    [Theory]
    [InlineData(2, 1, 1250)]
    [InlineData(1, 1, 1250)]
    [InlineData(10, 10, 1250)]
    [InlineData(1, 2, 3000)]
    [InlineData(2, 3, 3000)]
    [InlineData(0, 1, 3000)]
    public void It_is_longer_where_those_who_were_given_up_reach_more_than_half_of_all_and_may_not_know_it_yet(int goOn, int givenUp, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Margin.Of(goOn, givenUp).Length);
}
