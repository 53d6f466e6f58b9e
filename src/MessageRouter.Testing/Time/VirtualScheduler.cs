using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace MessageRouter.Testing.Time;

/// <summary>
/// Akka's scheduler on virtual time, so that what actors schedule and the timers of their <see cref="TimeProvider"/> move
/// together and fire in the order in which they are due.
/// </summary>
internal sealed class VirtualScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    /// <summary>The setting that puts it in place.</summary>
    public static readonly string Hocon = $"akka.scheduler.implementation = \"{typeof(VirtualScheduler).AssemblyQualifiedName}\"";

    /// <summary>The clock of an actor system that has this scheduler.</summary>
    public static VirtualTime ClockOf(ActorSystem system) => Of(system).Clock;

    /// <summary>Has the scheduler go by another clock from now on; what was scheduled before stays with the last one.</summary>
    public static void Use(ActorSystem system, VirtualTime clock) => Of(system).Clock = clock;

    public override TimeSpan MonotonicClock => Clock.GetElapsedTime(0);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => Clock.GetUtcNow();

    private VirtualTime Clock { get; set; } = new();

    private static VirtualScheduler Of(ActorSystem system) => (VirtualScheduler)system.Scheduler;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(delay, Timeout.InfiniteTimeSpan, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Schedule(delay, Timeout.InfiniteTimeSpan, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Schedule(delay, Timeout.InfiniteTimeSpan, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action.Run, cancelable);

    private void Schedule(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        var timer = Clock.CreateTimer(
            _ =>
            {
                if (cancelable is not { IsCancellationRequested: true }) action();
            },
            null, delay, interval);
        cancelable?.Token.Register(timer.Dispose);
    }
}
