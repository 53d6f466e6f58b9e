using CsCheck;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.ZeroMq;

public class SubscriptionsTests
{
    private static readonly Gen<byte[]> Prefixes = Gen.Byte[0, 2].Array[0, 12];

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
    public void Of_however_many_lengths_only_what_was_subscribed_to_is_wanted()
    {
        var subscriptions = new Subscriptions();
        for (var length = 1; length <= 100; length++) subscriptions.Add(new byte[length]);
        Assert.False(subscriptions.Matches("something else"u8));
        Assert.True(subscriptions.Matches([0, 1]));

        subscriptions.Remove([0]);

        Assert.False(subscriptions.Matches([0, 1]));
        Assert.True(subscriptions.Matches([0, 0]));
        Assert.Equal(99, subscriptions.Count);
    }

    [Fact]
    public void Whoever_subscribes_is_told_whether_that_changes_anything()
    {
        var subscriptions = new Subscriptions();
        Assert.True(subscriptions.Add("ab"u8));
        Assert.False(subscriptions.Add("ab"u8));
        Assert.False(subscriptions.Remove("a"u8));
        Assert.True(subscriptions.Remove("ab"u8));
        Assert.False(subscriptions.Remove("ab"u8));
    }

    /// <summary>What a subscriber says, and what it then wants, beside a list of prefixes that are compared one by one.</summary>
    [Fact]
    public void A_message_is_wanted_where_it_begins_with_a_prefix_that_is_subscribed_to() =>
        Gen.Select(Gen.Select(Gen.Bool, Prefixes).Array[1, 40], Gen.Byte[0, 2].Array[0, 20].Array[20]).Sample((words, frames) =>
        {
            var subscriptions = new Subscriptions();
            var prefixes = new HashSet<string>();
            foreach (var (adds, prefix) in words)
            {
                subscriptions.Hear([adds ? (byte)1 : (byte)0, .. prefix]);
                if (adds) prefixes.Add(Convert.ToHexString(prefix));
                else prefixes.Remove(Convert.ToHexString(prefix));
            }

            Assert.Equal(prefixes.Count, subscriptions.Count);
            Assert.Equal(prefixes.Contains(""), subscriptions.MatchesAll);
            foreach (var frame in frames) Assert.Equal(prefixes.Any(Convert.ToHexString(frame).StartsWith), subscriptions.Matches(frame));
        });
}
