namespace MessageRouter.Components;

/// <summary>Lets one line a second through and counts the others.</summary>
internal sealed class LogThrottle(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long? _last;
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
            if (_last is { } last && clock.GetElapsedTime(last, now) < TimeSpan.FromSeconds(1))
            {
                _suppressed++;
                return;
            }
            _last = now;
            suppressed = _suppressed;
            _suppressed = 0;
        }
        log(suppressed == 0 ? "" : $" ({suppressed} more since the last report)");
    }
}
