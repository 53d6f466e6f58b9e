using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.ZeroMq;

public class SubscriptionsTests
{
    [Fact]
    public void Match_by_prefix()
    {
        var subscriptions = new Subscriptions();
        Assert.False(subscriptions.Any);
        Assert.False(subscriptions.Matches("ab"u8));

        subscriptions.Add("ab"u8);
        subscriptions.Add("abc"u8);
        Assert.True(subscriptions.Matches("ab"u8));
        Assert.True(subscriptions.Matches("abd"u8));
        Assert.False(subscriptions.Matches("a"u8));
        Assert.False(subscriptions.Matches(""u8));

        subscriptions.Remove("ab"u8);
        Assert.False(subscriptions.Matches("abd"u8));
        Assert.True(subscriptions.Matches("abcd"u8));

        subscriptions.Remove("abc"u8);
        subscriptions.Remove("never there"u8);
        Assert.False(subscriptions.Any);
    }

    [Fact]
    public void The_empty_prefix_matches_everything()
    {
        var subscriptions = new Subscriptions();
        subscriptions.Add(""u8);
        Assert.True(subscriptions.Matches(""u8));
        Assert.True(subscriptions.Matches("anything"u8));
    }

    [Fact]
    public void Too_many_to_remember_count_as_everything()
    {
        var subscriptions = new Subscriptions();
        for (var n = 0; n < 10_001; n++) subscriptions.Add(Encoding.UTF8.GetBytes($"topic-{n}"));
        subscriptions.Remove("topic-1"u8);
        Assert.True(subscriptions.Any);
        Assert.True(subscriptions.Matches("something else"u8));
    }
}
