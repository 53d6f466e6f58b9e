namespace MessageRouter.Ledger;

/// <summary>Messages a second, over the last five to ten seconds. Callable from any thread.</summary>
internal sealed class RateMeter(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long _began = clock.GetTimestamp();
    private bool _hasEarlier;
    private long _earlier;
    private long _now;

    public double PerSecond
    {
        get
        {
            lock (_lock)
            {
                var elapsed = Turn();
                var time = _hasEarlier ? elapsed + Window : elapsed;
                return time <= TimeSpan.Zero ? 0 : Math.Round((_earlier + _now) / time.TotalSeconds, 1);
            }
        }
    }

    public void Add(int count)
    {
        lock (_lock)
        {
            Turn();
            _now += count;
        }
    }

    /// <summary>Begins a new window where the present one is over.</summary>
    private TimeSpan Turn()
    {
        var elapsed = clock.GetElapsedTime(_began);
        if (elapsed < Window) return elapsed;
        var windows = (long)(elapsed / Window);
        _earlier = windows == 1 ? _now : 0;
        _now = 0;
        _hasEarlier = true;
        _began += (long)(windows * Window.TotalSeconds * clock.TimestampFrequency);
        return clock.GetElapsedTime(_began);
    }
}
