using System.Net;
using System.Text;
using MessageRouter.Links;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Links;

/// <summary>What a publisher keeps of subscribers that are away, beside what those have subscribed to who are here.</summary>
public class AbsentSubscribersTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Run _sender;
    private readonly Run _receiver = new("to", "inputs.x", new FakeTimeProvider());
    private readonly SubscriberLimit _limit;
    private readonly List<string> _ended = [];

    public AbsentSubscribersTests()
    {
        _sender = new Run("from", "outputs.x", _clock);
        _limit = new SubscriberLimit(_sender.Index) { Kept = _sender.Down };
    }

    [Fact]
    public void What_is_kept_of_one_that_is_away_is_what_it_had_subscribed_to_until_it_is_back()
    {
        var link = Connect(_receiver, 60);
        var bytes = link.Subscriptions.Bytes;
        Assert.Equal((0, bytes), (_sender.Down.Bytes, _limit.Bytes));

        Leave(link);
        Assert.Equal((bytes, bytes, 0), (_sender.Down.Bytes, _limit.Bytes, _sender.Index.Bytes));

        // It is here as soon as it has subscribed to everything again.
        link = new ModelLink(_sender, _receiver, Topics(60));
        link.Subscribe(59);
        Assert.Equal(bytes, _sender.Down.Bytes);
        link.Subscribe(1);
        Assert.Equal((0, bytes), (_sender.Down.Bytes, _limit.Bytes));
    }

    [Fact]
    public void Where_all_have_too_many_together_the_one_that_is_away_is_forgotten_if_it_has_the_most_and_is_told_so()
    {
        var away = Connect(_receiver, 60);
        Leave(away);
        var here = Connect(Other("other"), 30);
        var each = here.Subscriptions.Bytes / 30;

        Hear(here, "one more", 90 * each);

        Assert.Empty(_ended);
        Assert.Equal((0, 31), (_sender.Down.Bytes, here.Subscriptions.Count));
        Assert.True(_sender.DownLineOf(_receiver).Uncounted);
    }

    [Fact]
    public void One_that_is_ended_for_what_it_takes_is_not_kept_either()
    {
        var most = Connect(_receiver, 60);
        var few = Connect(Other("other"), 30);
        var each = few.Subscriptions.Bytes / 30;

        Hear(few, "one more", 90 * each);

        Assert.Equal(["to"], _ended);
        Assert.Equal((0, 31, 0), (_sender.Down.Bytes, few.Subscriptions.Count, most.Subscriptions.Count));
        Assert.True(_sender.DownLineOf(_receiver).Uncounted);
    }

    [Fact]
    public void Those_that_are_left_out_for_others_take_nothing_any_more()
    {
        long most = 0;
        for (var number = 0; number < 100; number++)
        {
            Leave(Connect(Other($"node{number}"), 10));
            most = Math.Max(most, _sender.Down.Bytes);
        }

        Assert.Equal(most, _sender.Down.Bytes);
        Assert.Equal((Downstream.MostAway, most), (_sender.Down.All.Count, _sender.Down.All.Sum(each => each.Bytes)));
    }

    [Fact]
    public void One_that_is_away_is_not_forgotten_for_many_of_a_stranger_that_have_less()
    {
        Leave(Connect(_receiver, 60));
        for (var number = 0; number < 3; number++) Leave(Connect(Other($"stranger{number}"), 30, "10.0.0.2"));
        var here = Connect(Other("here"), 5, "10.0.0.3");

        Hear(here, "one more", 130 * here.Subscriptions.Bytes / 5);

        Assert.Empty(_ended);
        Assert.Null(_sender.DownLineOf(_receiver).Uncounted);
        Assert.Equal([60, 30, 30], _sender.Down.All.Select(each => each.Bytes * 5 / (here.Subscriptions.Bytes - Subscriptions.Overhead - 8)).OrderDescending());
    }

    [Fact]
    public void What_an_address_has_that_is_away_counts_with_what_it_has_here()
    {
        Leave(Connect(_receiver, 50, "10.0.0.2"));
        var most = Connect(Other("most"), 40);
        var here = Connect(Other("here"), 30, "10.0.0.2");

        Hear(most, "one more", 120 * here.Subscriptions.Bytes / 30);

        Assert.Equal((0, 41, 30), (_sender.Down.Bytes, most.Subscriptions.Count, here.Subscriptions.Count));
    }

    [Fact]
    public void Each_that_is_away_misses_what_it_had_subscribed_to()
    {
        var other = Other("other");
        Leave(Connect(_receiver, 3));
        Leave(Connect(other, 1));

        Publish("topic-000", "topic-000/a", "topic-002", "topic-003", "x");

        Assert.Equal((3, 2), (Missed(_receiver), Missed(other)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Who_only_looks_in_keeps_neither_itself_counted_nor_those_behind_it(int subscribed)
    {
        var other = new Run("other", "inputs.x", new FakeTimeProvider());
        var late = new Run("late", "inputs.x", new FakeTimeProvider());
        Leave(Connect(_receiver, 3));
        Leave(Connect(other, 1));
        _clock.Advance(Downstream.LongestAway / 2);
        Leave(Connect(late, 1));
        var visit = new ModelLink(_sender, _receiver, Topics(3));
        visit.Subscribe(subscribed);
        visit.EndAtSender(arrives: false);

        _clock.Advance(Downstream.LongestAway / 2 + TimeSpan.FromSeconds(1));
        Publish("topic-000");

        Assert.Equal((true, true, null), (_sender.DownLineOf(_receiver).Uncounted, _sender.DownLineOf(other).Uncounted, _sender.DownLineOf(late).Uncounted));
        Assert.Equal((0, 0, 1), (Missed(_receiver), Missed(other), Missed(late)));
    }

    [Fact]
    public void Who_was_here_again_with_all_that_it_wants_is_counted_for_an_hour_more()
    {
        Leave(Connect(_receiver, 3));
        _clock.Advance(Downstream.LongestAway / 2);
        Leave(Connect(_receiver, 3));

        _clock.Advance(Downstream.LongestAway / 2 + TimeSpan.FromSeconds(1));
        Publish("topic-000");

        Assert.Equal(1, Missed(_receiver));
    }

    private static Run Other(string name) => new(name, "inputs.x", new FakeTimeProvider());

    private ModelLink Connect(Run receiver, int topics, string address = "10.0.0.1")
    {
        var link = new ModelLink(_sender, receiver, Topics(topics)) { Address = IPAddress.Parse(address) };
        link.Subscribe(topics);
        _limit.Met(link.Subscriptions, AddressKey.Of(link), _ =>
        {
            _ended.Add(receiver.End.Node);
            link.EndAtSender(arrives: false);
        });
        return link;
    }

    private void Leave(ModelLink link)
    {
        link.EndAtSender(arrives: false);
        _limit.Left(link.Subscriptions);
    }

    private void Hear(ModelLink link, string topic, long most) =>
        _limit.Heard(link.Subscriptions, [(byte[])[1, .. Encoding.ASCII.GetBytes(topic)]], new ZmtpLimits { AllSubscriptionBytes = most });

    private void Publish(params string[] texts)
    {
        var batch = MessageBatch.Of(texts.Select(text => Message.FromBytes(Encoding.ASCII.GetBytes(text))));
        _sender.Index.Look(batch.ToWire());
        _sender.Down.Publish(batch);
    }

    private long Missed(Run receiver) => _sender.DownLineOf(receiver).Dropped.GetValueOrDefault("away");

    private static string[] Topics(int count) => [.. Enumerable.Range(0, count).Select(n => $"topic-{n:000}")];
}
