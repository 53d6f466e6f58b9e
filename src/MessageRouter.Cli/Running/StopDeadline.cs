namespace MessageRouter.Cli.Running;

/// <summary>
/// Says when a stop takes longer than it may, on a thread of its own: timers and continuations run on those of the pool, and components
/// may hold all of these.
/// </summary>
/// <param name="passed">Called once, on that thread.</param>
internal sealed class StopDeadline(Action passed)
{
    private readonly object _gate = new();
    private long? _due;

    /// <summary>From now on a stop may take no longer than this; an earlier deadline stays.</summary>
    /// <param name="time">How long; infinite sets no deadline.</param>
    /// <param name="allowance">And so much more.</param>
    public void Within(TimeSpan time, TimeSpan allowance = default)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        time += allowance;
        var due = Environment.TickCount64 + (long)time.TotalMilliseconds;
        lock (_gate)
        {
            if (_due is { } earlier && earlier <= due) return;
            var first = _due is null;
            _due = due;
            if (first) new Thread(Run) { IsBackground = true, Name = "stop-deadline" }.Start();
            else Monitor.Pulse(_gate);
        }
    }

    /// <summary>What is left of a stop may take so much longer.</summary>
    public void Extend(TimeSpan more)
    {
        lock (_gate) _due += (long)more.TotalMilliseconds;
    }

    private void Run()
    {
        lock (_gate)
        {
            while (_due - Environment.TickCount64 is > 0 and var left) Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Min(left, int.MaxValue)));
        }
        passed();
    }
}
