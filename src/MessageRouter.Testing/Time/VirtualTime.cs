using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Testing.Time;

/// <summary>A clock that moves only when told to, and that knows when its next timer is due.</summary>
internal sealed class VirtualTime() : FakeTimeProvider(Begin)
{
    /// <summary>When every test begins.</summary>
    public static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _running = [];

    /// <summary>How long the test has lasted.</summary>
    public TimeSpan Elapsed => GetUtcNow() - Begin;

    /// <summary>When the next timer is due; null where none is running.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock) return _running.Count == 0 ? null : _running.Min(timer => timer.Due);
        }
    }

    public int RunningTimers
    {
        get
        {
            lock (_lock) return _running.Count;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Attach(base.CreateTimer(_ => timer.Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private ITimer _inner = null!;
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public void Attach(ITimer inner) => _inner = inner;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                if (dueTime < TimeSpan.Zero) clock._running.Remove(this);
                else
                {
                    Due = clock.GetUtcNow() + dueTime;
                    clock._running.Add(this);
                }
            }

            // Not under the lock: what is due at once is called from within.
            return _inner.Change(dueTime, period);
        }

        public void Fire()
        {
            lock (clock._lock)
            {
                if (_period > TimeSpan.Zero) Due += _period;
                else clock._running.Remove(this);
            }
            callback(state);
        }

        public void Dispose()
        {
            lock (clock._lock) clock._running.Remove(this);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
