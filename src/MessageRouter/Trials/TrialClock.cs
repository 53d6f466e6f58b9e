namespace MessageRouter.Trials;

/// <summary>A clock that stands still until it is moved to when its next timer is due: what waits for an hour is seen at once.</summary>
internal sealed class TrialClock(DateTimeOffset begin) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _running = [];
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far it has been moved.</summary>
    public TimeSpan Passed
    {
        get
        {
            lock (_lock) return _passed;
        }
    }

    public override DateTimeOffset GetUtcNow() => begin + Passed;

    public override long GetTimestamp() => Passed.Ticks;

    /// <summary>Moves it to when the next timer is due, and has that run out.</summary>
    /// <param name="end">How far it may be moved.</param>
    /// <returns>False where none is due until then.</returns>
    public bool TryAdvance(TimeSpan end)
    {
        Timer? next;
        lock (_lock)
        {
            next = _running.MinBy(timer => timer.Due);
            if (next is null || next.Due > end) return false;
            if (next.Due > _passed) _passed = next.Due;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else _running.Remove(next);
        }
        next.RunOut();
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(TrialClock clock, Action runOut) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void RunOut() => runOut();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Period = period;
                clock._running.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._passed + dueTime;
                clock._running.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock) clock._running.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
