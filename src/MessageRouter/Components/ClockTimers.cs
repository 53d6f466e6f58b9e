using Akka.Actor;
using Akka.Event;

namespace MessageRouter.Components;

/// <summary>
/// Akka's timers of one instance of an actor, run by the node's clock: a timer that was cancelled or started anew is not heard
/// of any more, even if it has run out already.
/// </summary>
internal sealed class ClockTimers(IActorRef self, TimeProvider clock) : ITimerScheduler
{
    private readonly Dictionary<object, Timer> _active = [];

    public IReadOnlyCollection<object> ActiveTimers => _active.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, interval, interval, ActorRefs.NoSender!);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        StartPeriodicTimer(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, initialDelay, interval, ActorRefs.NoSender!);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(new Timer(key, msg, sender) { Repeats = true }, initialDelay, interval);
    }

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) =>
        StartSingleTimer(key, msg, timeout, ActorRefs.NoSender!);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(new Timer(key, msg, sender), timeout, Timeout.InfiniteTimeSpan);

    public bool IsTimerActive(object key) => _active.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_active.Remove(key, out var timer)) timer.Dispose();
    }

    public void CancelAll()
    {
        foreach (var timer in _active.Values) timer.Dispose();
        _active.Clear();
    }

    /// <summary>Whether a timer that ran out is one of this instance's, and still wanted.</summary>
    public bool Accept(Timer timer)
    {
        if (!_active.TryGetValue(timer.Key, out var active) || active != timer) return false;
        if (!timer.Repeats) Cancel(timer.Key);
        return true;
    }

    private void Start(Timer timer, TimeSpan delay, TimeSpan interval)
    {
        Cancel(timer.Key);
        _active[timer.Key] = timer;
        timer.Running = clock.CreateTimer(_ => self.Tell(timer, timer.Sender), null, delay, interval);
    }

    /// <summary>Told to the actor when the timer runs out.</summary>
    internal sealed class Timer(object key, object message, IActorRef sender) : IDeadLetterSuppression, IDisposable
    {
        public object Key => key;

        public object Message => message;

        public IActorRef Sender => sender;

        public bool Repeats { get; init; }

        public ITimer? Running { get; set; }

        public void Dispose() => Running?.Dispose();
    }
}
