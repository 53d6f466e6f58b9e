using Akka.Actor;
using MessageRouter.Components;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Components;

/// <summary>Akka's timers, run by a clock that tests move.</summary>
public sealed class ClockTimersTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly ClockTimers _timers;

    public ClockTimersTests() => _timers = new ClockTimers(TestActor, _clock);

    [Fact]
    public void A_single_timer_runs_out_once()
    {
        _timers.StartSingleTimer("a", "message", Second);
        _clock.Advance(5 * Second);

        var timer = ExpectMsg<ClockTimers.Timer>();
        Assert.True(_timers.IsTimerActive("a"));
        Assert.True(_timers.Accept(timer));
        Assert.Equal("message", timer.Message);
        Assert.False(_timers.IsTimerActive("a"));
        HearsNoMore();
    }

    [Fact]
    public void A_periodic_timer_runs_out_again_and_again_after_its_first_delay()
    {
        _timers.StartPeriodicTimer("a", "message", 3 * Second, Second, TestActor);
        _clock.Advance(2 * Second);
        HearsNoMore();
        _clock.Advance(3 * Second);

        for (var i = 0; i < 3; i++) Assert.True(_timers.Accept(ExpectMsg<ClockTimers.Timer>()));
        Assert.Equal(TestActor, LastSender);
        Assert.Equal(["a"], _timers.ActiveTimers);
    }

    [Fact]
    public void A_timer_that_was_cancelled_after_it_ran_out_is_not_heard_of()
    {
        _timers.StartSingleTimer("a", 1, Second);
        _timers.StartSingleTimer("b", 2, Second);
        _clock.Advance(Second);
        _timers.Cancel("a");
        _timers.CancelAll();

        Assert.False(_timers.Accept(ExpectMsg<ClockTimers.Timer>()));
        Assert.False(_timers.Accept(ExpectMsg<ClockTimers.Timer>()));
    }

    [Fact]
    public void A_timer_started_anew_takes_the_place_of_the_one_before()
    {
        _timers.StartSingleTimer("a", 1, Second);
        _clock.Advance(Second);
        _timers.StartSingleTimer("a", 2, Second);
        _clock.Advance(Second);

        Assert.False(_timers.Accept(ExpectMsg<ClockTimers.Timer>()));
        Assert.True(_timers.Accept(ExpectMsg<ClockTimers.Timer>()));
        HearsNoMore();
    }

    [Fact]
    public void A_timer_of_an_earlier_instance_is_not_heard_of()
    {
        _timers.StartSingleTimer("a", 1, Second);
        _clock.Advance(Second);
        var next = new ClockTimers(TestActor, _clock);
        next.StartSingleTimer("a", 1, Second);

        Assert.False(next.Accept(ExpectMsg<ClockTimers.Timer>()));
    }

    /// <summary>What was told before comes first.</summary>
    private void HearsNoMore()
    {
        TestActor.Tell("no more");
        ExpectMsg("no more");
    }
}
