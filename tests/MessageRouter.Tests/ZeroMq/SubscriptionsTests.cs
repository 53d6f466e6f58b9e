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
    public void Of_more_lengths_than_can_be_looked_up_everything_counts_as_wanted_and_takes_nothing()
    {
        var subscriptions = new Subscriptions();
        for (var length = 1; length <= 64; length++) subscriptions.Add(new byte[length]);
        Assert.False(subscriptions.Matches("something else"u8));

        subscriptions.Add(new byte[65]);
        subscriptions.Add(new byte[66]);
        subscriptions.Remove(new byte[1]);

        Assert.True(subscriptions.Any);
        Assert.True(subscriptions.Matches("something else"u8));
        Assert.Equal((0, 0), (subscriptions.Count, subscriptions.Bytes));
    }
}
