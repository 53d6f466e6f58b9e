using System.Net;
using System.Text;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Tests.Zmtp.Limits;

public class SubscriberLimitTests
{
    /// <summary>What a subscription to a topic takes.</summary>
    private const int Each = Subscriptions.Overhead + 9;

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
        var limits = new ZmtpLimits { SubscriptionBytes = 10 * Each };
        var subscriber = Meet("one");
        Subscribe(subscriber, 10, limits);
        Assert.Empty(_ended);

        Subscribe(subscriber, 11, limits);

        Assert.Equal([$"one: Its subscriptions took more than {10 * Each} bytes (limits.subscription-bytes)."], _ended);
    }

    [Fact]
    public void When_all_have_too_many_together_the_one_with_the_most_ends()
    {
        var limits = new ZmtpLimits { AllSubscriptionBytes = 100 * Each };
        var most = Meet("most");
        Subscribe(most, 60, limits);
        Subscribe(Meet("some", "10.0.0.2"), 30, limits);

        Subscribe(Meet("few", "10.0.0.3"), 11, limits);

        Assert.Equal([$"most: {HadTheMost(100)}"], _ended);
        Assert.Equal(41 * Each, _limit.Bytes);
    }

    [Fact]
    public void One_that_has_more_than_each_of_a_stranger_s_connections_does_not_end_for_them()
    {
        var limits = new ZmtpLimits { AllSubscriptionBytes = 200 * Each };
        var honest = Meet("honest");
        Subscribe(honest, 60, limits);

        for (var number = 0; number < 100; number++) Subscribe(Meet("stranger", "10.0.0.2"), number == 20 ? 31 : 30, limits);

        Assert.Equal(60, honest.Count);
        Assert.Equal($"stranger: {HadTheMost(200)}", Assert.Single(_ended.Distinct()));
        Assert.InRange(_limit.Bytes, 170 * Each, 200 * Each);
    }

    [Fact]
    public void Of_the_address_with_the_most_the_one_with_the_most_ends()
    {
        var limits = new ZmtpLimits { AllSubscriptionBytes = 100 * Each };
        var (one, two) = (Meet("one", "10.0.0.2"), Meet("two", "10.0.0.2"));
        Subscribe(one, 25, limits);
        Subscribe(two, 26, limits);

        Subscribe(Meet("honest"), 50, limits);

        Assert.Equal([$"two: {HadTheMost(100)}"], _ended);
    }

    [Fact]
    public void What_one_of_an_address_has_cancelled_does_not_count_for_the_others()
    {
        var limits = new ZmtpLimits { AllSubscriptionBytes = 100 * Each };
        var (one, two, three) = (Meet("one", "10.0.0.2"), Meet("two", "10.0.0.2"), Meet("three", "10.0.0.2"));
        Subscribe(one, 40, limits);
        _limit.Heard(one, Enumerable.Range(0, 39).Select(i => Word(0, i)), limits);
        Subscribe(three, 30, limits);
        _limit.Left(three);
        Subscribe(two, 50, limits);

        Subscribe(Meet("most"), 60, limits);

        Assert.Equal([$"most: {HadTheMost(100)}"], _ended);
    }

    [Fact]
    public void Those_without_an_address_count_by_themselves()
    {
        var limits = new ZmtpLimits { AllSubscriptionBytes = 100 * Each };
        Subscribe(Meet("some", address: null), 30, limits);
        Subscribe(Meet("as many", address: null), 30, limits);

        Subscribe(Meet("most"), 41, limits);

        Assert.Equal([$"most: {HadTheMost(100)}"], _ended);
    }

    [Fact]
    public void Nothing_is_remembered_of_addresses_that_nobody_is_connected_from()
    {
        for (var number = 0; number < 100; number++) _limit.Left(Meet("one", $"10.0.0.{number}"));
        Assert.Equal(0, _limit.Origins);
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

    private static string HadTheMost(int count) => $"It had the most subscriptions of the address that had the most, when those of all took more than {count * Each} bytes (limits.all-subscription-bytes).";

    private Subscriptions Meet(string name, string? address = "10.0.0.1")
    {
        var subscriptions = new Subscriptions(_index);
        _limit.Met(subscriptions, address is null ? null : AddressKey.Of(IPAddress.Parse(address)), reason => _ended.Add($"{name}: {reason}"));
        return subscriptions;
    }

    private void Subscribe(Subscriptions subscriber, int count, ZmtpLimits limits) => _limit.Heard(subscriber, Enumerable.Range(0, count).Select(i => Word(1, i)), limits);

    private static ReadOnlyMemory<byte> Word(byte verb, int topic) => (byte[])[verb, .. Encoding.UTF8.GetBytes($"topic-{topic:000}")];
}
