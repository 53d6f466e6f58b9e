using Akka.Actor;
using MessageRouter.Components;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Components;

public class RestartTrackerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Restarts_at_once_after_messages_were_dealt_with()
    {
        var tracker = Tracker(new());
        for (var i = 0; i < 100; i++)
        {
            tracker.Progressed = true;
            Assert.Equal(Directive.Restart, tracker.Decide());
            Assert.Equal(TimeSpan.Zero, tracker.Delay);
        }
    }

    [Fact]
    public void Doubles_the_pause_from_the_smallest_to_the_largest_and_begins_anew_after_progress()
    {
        var tracker = Tracker(new() { MaxRestarts = 100 });
        tracker.Decide();

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30], Enumerable.Range(0, 10).Select(_ => Pause()));

        tracker.Progressed = true;
        Assert.Equal([0, 0.2, 0.4], Enumerable.Range(0, 3).Select(_ => Pause()));

        double Pause()
        {
            Assert.Equal(Directive.Restart, tracker.Decide());
            return tracker.Delay.TotalSeconds;
        }
    }

    [Fact]
    public void Stops_after_too_many_fruitless_restarts_within_the_time()
    {
        var tracker = Tracker(new() { MaxRestarts = 3 });
        tracker.Decide();
        for (var i = 0; i < 3; i++) Assert.Equal(Directive.Restart, tracker.Decide());

        Assert.Equal(Directive.Stop, tracker.Decide());
    }

    [Fact]
    public void Forgets_restarts_that_are_longer_ago()
    {
        var tracker = Tracker(new() { MaxRestarts = 3, Within = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(Directive.Restart, tracker.Decide());
            _clock.Advance(TimeSpan.FromSeconds(21));
        }
    }

    [Fact]
    public void Stops_at_the_first_fruitless_restart_where_none_is_allowed()
    {
        var tracker = Tracker(new() { MaxRestarts = 0 });

        Assert.Equal(Directive.Restart, tracker.Decide());
        Assert.Equal(Directive.Stop, tracker.Decide());
    }

    [Fact]
    public void Counts_for_ever_where_the_time_has_no_end()
    {
        var tracker = Tracker(new() { MaxRestarts = 2, Within = Timeout.InfiniteTimeSpan });
        tracker.Decide();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Directive.Restart, tracker.Decide());
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(Directive.Stop, tracker.Decide());
    }

    [Fact]
    public void Where_it_goes_on_it_waits_longest_after_too_many_restarts_until_there_was_progress()
    {
        var tracker = new RestartTracker(new() { MaxRestarts = 2 }, _clock, goesOn: true);
        tracker.Decide();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Directive.Restart, tracker.Decide());
            Assert.False(tracker.IsExhausted);
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Directive.Restart, tracker.Decide());
            Assert.Equal((true, TimeSpan.FromSeconds(30)), (tracker.IsExhausted, tracker.Delay));
        }
        tracker.Progressed = true;
        Assert.Equal(Directive.Restart, tracker.Decide());
        Assert.Equal((false, TimeSpan.Zero), (tracker.IsExhausted, tracker.Delay));
    }

    [Theory]
    [InlineData(OnError.Resume, Directive.Resume)]
    [InlineData(OnError.Stop, Directive.Stop)]
    internal void Does_what_the_policy_says(OnError onError, Directive directive) =>
        Assert.Equal(directive, Tracker(new() { OnError = onError }).Decide());

    [Fact]
    public void Never_waits_longer_than_the_largest_pause_however_large_the_smallest_and_however_often()
    {
        var policy = new SupervisionOptions { MaxRestarts = 1000, MinBackoff = TimeSpan.FromDays(1), MaxBackoff = TimeSpan.FromDays(2) };
        var tracker = Tracker(policy);

        for (var i = 0; i < 100; i++) Assert.Equal(Directive.Restart, tracker.Decide());

        Assert.Equal(policy.MaxBackoff, tracker.Delay);
    }

    [Fact]
    public void In_a_node_that_stops_nothing_pauses_and_messages_that_fail_are_no_limit()
    {
        var tracker = Tracker(new() { MaxRestarts = 1 });
        for (var failed = 1; failed <= 100; failed++)
        {
            Assert.Equal(Directive.Restart, tracker.Decide(draining: true, failed: failed));
            Assert.Equal(TimeSpan.Zero, tracker.Delay);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1_000_000, 10)]
    public void In_a_node_that_stops_one_that_can_deal_with_none_of_them_is_tried_a_few_times(int maxRestarts, int? tries = null)
    {
        var tracker = Tracker(new() { MaxRestarts = maxRestarts });
        tracker.Decide(draining: true);

        for (var i = 0; i < (tries ?? maxRestarts); i++) Assert.Equal((Directive.Restart, TimeSpan.Zero), (tracker.Decide(draining: true), tracker.Delay));
        Assert.Equal(Directive.Stop, tracker.Decide(draining: true));
        Assert.True(tracker.IsOver);
    }

    [Fact]
    public void In_a_node_that_stops_one_whose_messages_others_can_take_is_still_set_aside_until_it_is_the_last()
    {
        var tracker = new RestartTracker(new() { MaxRestarts = 1 }, _clock, goesOn: true);
        tracker.Decide(draining: true, failed: 1);
        tracker.Decide(draining: true, failed: 2);
        Assert.Equal((Directive.Restart, true), (tracker.Decide(draining: true, failed: 3), tracker.IsExhausted));

        tracker.IsLast = true;

        Assert.Equal((Directive.Restart, false), (tracker.Decide(draining: true, failed: 4), tracker.IsExhausted));
    }

    private RestartTracker Tracker(SupervisionOptions options) => new(options, _clock);
}
