namespace MessageRouter.Components;

/// <summary>Lets one line a second through, and of those that come too soon the last one when the second is over.</summary>
internal sealed class LogThrottle(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _last;
    private Action<string>? _held;
    private ITimer? _timer;
    private long _suppressed;

    /// <summary>
    /// Calls <paramref name="log"/> now or, unless another line takes its place, a little later, on any thread; with a
    /// remark on the lines left out since the last one for the end of the line.
    /// </summary>
    public void Write(Action<string> log)
    {
        lock (_lock)
        {
            if (_held is not null) _suppressed++;
            if (_last is { } last && clock.GetElapsedTime(last) is var passed && passed < Pause)
            {
                _held = log;
                _timer ??= clock.CreateTimer(_ => WriteHeld(), null, Pause - passed, Timeout.InfiniteTimeSpan);
                return;
            }
            _held = log;
        }
        WriteHeld();
    }

    private void WriteHeld()
    {
        Action<string>? log;
        long suppressed;
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            (log, _held) = (_held, null);
            if (log is null) return;
            _last = clock.GetTimestamp();
            (suppressed, _suppressed) = (_suppressed, 0);
        }
        log(suppressed == 0 ? "" : $" ({suppressed} more since the last report)");
    }
}
