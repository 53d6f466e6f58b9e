using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

/// <summary>Passes a worker's lines on to its log; where there are too many a second, counts the others.</summary>
internal sealed class WorkerLines(ILogger logger, TimeProvider clock)
{
    /// <summary>Lines that are passed on in a second.</summary>
    public const int PerSecond = 1000;

    private readonly Lock _lock = new();
    private long _since = clock.GetTimestamp();
    private int _passed;
    private long _heldBack;

    public void Write(string line)
    {
        long heldBack = 0;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (clock.GetElapsedTime(_since, now) >= TimeSpan.FromSeconds(1))
            {
                (_since, _passed) = (now, 0);
                (heldBack, _heldBack) = (_heldBack, 0);
            }
            if (_passed == PerSecond)
            {
                _heldBack++;
                return;
            }
            _passed++;
        }
        if (heldBack > 0) WorkersLog.HeldBack(logger, heldBack);
        WorkersLog.Line(logger, line);
    }

    /// <summary>The process has ended: says what was held back last.</summary>
    public void End()
    {
        long heldBack;
        lock (_lock) (heldBack, _heldBack) = (_heldBack, 0);
        if (heldBack > 0) WorkersLog.HeldBack(logger, heldBack);
    }
}
