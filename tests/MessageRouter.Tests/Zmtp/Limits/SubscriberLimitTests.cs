using System.Text;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Tests.Zmtp.Limits;

public class SubscriberLimitTests
{
    private readonly SubscriptionIndex _index = new();
    private readonly SubscriberLimit _limit;
    private readonly List<string> _ended = [];

    public SubscriberLimitTests() => _limit = new SubscriberLimit(_index);

    [Fact]
    public void A_subscriber_that_asks_for_too_much_ends_and_what_it_had_asked_for_is_forgotten()
    {
        var limits = new ZmtpLimits { Subscriptions = 100 };
        var (greedy, modest) = (Meet("greedy"), Meet("modest"));
        Subscribe(greedy, 100, limits);
        Subscribe(modest, 10, limits);
        Assert.Empty(_ended);
        Assert.Equal(greedy.Bytes + modest.Bytes, _limit.Bytes);

        Subscribe(greedy, 101, limits);

        Assert.Equal(["greedy: It has subscribed to more than 100 prefixes (limits.subscriptions)."], _ended);
        Assert.Equal(modest.Bytes, _limit.Bytes);

        // Its last words, and the word that it is gone, come later.
        Subscribe(greedy, 200, limits);
        _limit.Left(greedy);
        Assert.Equal(modest.Bytes, _limit.Bytes);
        Assert.Single(_ended);
    }

    [Fact]
    public void Bytes_count_with_what_each_takes_beside_its_prefix()
    {
        var limits = new ZmtpLimits { SubscriptionBytes = 10 * (Subscriptions.Overhead + 9) };
        var subscriber = Meet("one");
        Subscribe(subscriber, 10, limits);
        Assert.Empty(_ended);

        Subscribe(subscriber, 11, limits);

        Assert.Equal(["one: Its subscriptions took more than 3290 bytes (limits.subscription-bytes)."], _ended);
    }

    [Fact]
    public void When_all_have_too_many_together_the_one_with_the_most_ends()
    {
        var limits = new ZmtpLimits { AllSubscriptionBytes = 100 * (Subscriptions.Overhead + 9) };
        var most = Meet("most");
        Subscribe(most, 60, limits);
        Subscribe(Meet("some"), 30, limits);

        Subscribe(Meet("few"), 11, limits);

        Assert.Equal(["most: It had the most subscriptions when those of all took more than 32900 bytes (limits.all-subscription-bytes)."], _ended);
        Assert.Equal(41 * (Subscriptions.Overhead + 9), _limit.Bytes);
    }

    [Fact]
    public void What_was_cancelled_takes_nothing()
    {
        var limits = new ZmtpLimits { Subscriptions = 1 };
        var subscriber = Meet("one");
        for (var i = 0; i < 1000; i++) _limit.Heard(subscriber, [Word(1, i), Word(0, i)], limits);

        Assert.Empty(_ended);
        Assert.Equal(0, _limit.Bytes);
    }

    private Subscriptions Meet(string name)
    {
        var subscriptions = new Subscriptions(_index);
        _limit.Met(subscriptions, reason => _ended.Add($"{name}: {reason}"));
        return subscriptions;
    }

    private void Subscribe(Subscriptions subscriber, int count, ZmtpLimits limits) => _limit.Heard(subscriber, Enumerable.Range(0, count).Select(i => Word(1, i)), limits);

    private static ReadOnlyMemory<byte> Word(byte verb, int topic) => (byte[])[verb, .. Encoding.UTF8.GetBytes($"topic-{topic:000}")];
}
