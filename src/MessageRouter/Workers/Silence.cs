namespace MessageRouter.Workers;

/// <summary>
/// Measures for how long a process has given no sign of life. Only time counts in which the node was awake: who is stopped,
/// or too busy to look, cannot say that others are silent.
/// </summary>
internal sealed class Silence
{
    /// <summary>Looks within the limit; the more, the sooner the limit is noticed.</summary>
    private const int Looks = 10;

    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private long _lookedAt;
    private TimeSpan _silent;

    public Silence(TimeSpan limit, TimeProvider clock)
    {
        _limit = limit;
        _clock = clock;
        _lookedAt = clock.GetTimestamp();
        Interval = limit / Looks;
    }

    /// <summary>How often to look.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Whether there has been a sign at all.</summary>
    public bool WasBroken { get; private set; }

    /// <summary>Whether it has lasted too long.</summary>
    public bool IsOver { get; private set; }

    /// <param name="sign">Whether there was a sign of life since the last look.</param>
    public void Look(bool sign)
    {
        var now = _clock.GetTimestamp();
        var passed = _clock.GetElapsedTime(_lookedAt, now);
        _lookedAt = now;
        WasBroken |= sign;
        _silent = sign ? TimeSpan.Zero : _silent + (passed < 2 * Interval ? passed : 2 * Interval);
        IsOver = _silent >= _limit;
    }
}
