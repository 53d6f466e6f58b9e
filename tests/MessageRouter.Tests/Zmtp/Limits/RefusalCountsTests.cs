using System.Reflection;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Zmtp.Limits;

public class RefusalCountsTests
{
    [Fact]
    public void Every_word_can_be_counted() => Assert.Equal(
        typeof(Refusals).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order(),
        Refusals.All.Order());

    [Fact]
    public void What_has_not_happened_is_not_named_and_counts_go_on()
    {
        var counts = new RefusalCounts();
        Assert.Empty(counts.Snapshot());
        counts.Add(Refusals.Gone);
        var next = new RefusalCounts();
        next.Add(Refusals.Gone);
        next.Add(Refusals.Protocol);

        next.Add(counts);

        Assert.Equal([new("gone", 2), new("protocol", 1)], next.Snapshot());
        Assert.Equal(3, next.Total);
    }
}
