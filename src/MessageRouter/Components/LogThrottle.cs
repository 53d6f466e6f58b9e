namespace MessageRouter.Components;

/// <summary>Lets one line a second through and counts the others.</summary>
/// <param name="clock">The node's clock.</param>
/// <param name="burst">How many lines may come at once after a while without any.</param>
internal sealed class LogThrottle(TimeProvider clock, int burst = 1)
{
    private readonly Lock _lock = new();
    private double _lines = burst;
    private long _last = clock.GetTimestamp();
    private long _suppressed;

    /// <summary>
    /// Calls <paramref name="log"/>, with a remark on the lines held back since the last one for the end of the line, or
    /// holds this one back too.
    /// </summary>
    public void Write(Action<string> log)
    {
        long suppressed;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _lines = Math.Min(burst, _lines + clock.GetElapsedTime(_last, now).TotalSeconds);
            _last = now;
            if (_lines < 1)
            {
                _suppressed++;
                return;
            }
            _lines--;
            (suppressed, _suppressed) = (_suppressed, 0);
        }
        log(suppressed == 0 ? "" : $" ({suppressed} more since the last report)");
    }
}
