namespace MessageRouter.Monitoring;

/// <summary>
/// What a counter was at every second of the last minute and at every ten seconds of the last ten minutes: enough for rates and small plots, in
/// one kilobyte. Whoever samples holds the lock of the <see cref="NodeHistory"/>.
/// </summary>
internal sealed class CounterSeries
{
    /// <summary>Seconds of a coarse step.</summary>
    public const int Coarse = 10;

    private const int Steps = 61;

    private readonly long[] _seconds = new long[Steps];
    private readonly long[] _coarse = new long[Steps];
    private long _count;

    public void Add(long value)
    {
        _seconds[_count % Steps] = value;
        if (_count % Coarse == 0) _coarse[_count / Coarse % Steps] = value;
        _count++;
    }

    /// <summary>Samples up to now.</summary>
    public long Count => _count;

    /// <summary>What it grew by in the last so many seconds, a second; over what there is where there are fewer.</summary>
    public double RateOver(int seconds)
    {
        var steps = (int)Math.Min(Math.Min(seconds, Steps - 1), _count - 1);
        return steps <= 0 ? 0 : (double)(At(0) - At(steps)) / steps;
    }

    /// <summary>What it was so many seconds ago, of the last minute.</summary>
    public long At(int secondsAgo) => _seconds[(_count - 1 - secondsAgo) % Steps];

    /// <summary>What it grew by a second in each coarse step of the last ten minutes, oldest first.</summary>
    public double[] Plot()
    {
        var coarse = _count == 0 ? 0 : (_count - 1) / Coarse + 1;
        var steps = (int)Math.Min(coarse - 1, Steps - 1);
        if (steps <= 0) return [];
        var plot = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            var at = coarse - steps + i;
            plot[i] = (double)(_coarse[at % Steps] - _coarse[(at - 1) % Steps]) / Coarse;
        }
        return plot;
    }

    /// <summary>How many seconds ago the counter was at most this, to a part of a second by how much it grew in that second; null where that is longer ago than is known.</summary>
    public double? SecondsSince(long value, int mostSeconds = Steps - 1)
    {
        var known = (int)Math.Min(Math.Min(_count, Steps), mostSeconds + 1);
        for (var ago = 0; ago < known; ago++)
        {
            if (At(ago) > value) continue;
            if (ago == 0) return 0;
            var grown = At(ago - 1) - At(ago);
            return ago - (grown <= 0 ? 0 : (double)(value - At(ago)) / grown);
        }

        // Coarse steps reach further.
        var coarse = _count == 0 ? 0 : (_count - 1) / Coarse + 1;
        for (var ago = 0; ago < Math.Min(coarse, Steps); ago++)
        {
            if (_coarse[(coarse - 1 - ago) % Steps] <= value) return (ago * Coarse) + ((_count - 1) % Coarse);
        }
        return null;
    }
}
