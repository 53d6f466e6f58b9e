using MessageRouter.Monitoring.Metrics;

namespace MessageRouter.Tests.Monitoring.Metrics;

public class GrowingSumTests
{
    private readonly GrowingSum<string> _sum = new();

    [Fact]
    public void What_was_counted_stays_when_who_has_counted_it_is_no_more()
    {
        Assert.Equal(15, _sum.Add([("a", 5), ("b", 10)]));
        Assert.Equal(18, _sum.Add([("a", 8)]));
        Assert.Equal(19, _sum.Add([("a", 9)]));
    }

    [Fact]
    public void Who_has_counted_less_than_before_is_another_one_of_the_same_name()
    {
        _sum.Add([("a", 5)]);

        Assert.Equal(7, _sum.Add([("a", 2)]));
        Assert.Equal(8, _sum.Add([("a", 3)]));
    }
}
