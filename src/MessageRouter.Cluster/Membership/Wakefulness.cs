namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Notices that this process has stood still: what others have agreed on meanwhile it does not know, and they may have taken it to be gone. The limit is less than the shortest time in which they can.
/// </summary>
internal sealed class Wakefulness(TimeProvider clock)
{
    /// <summary>How often it is to be told that the process runs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private long _ran = clock.GetTimestamp();
    private long _ranAt = Sleepless(clock);
    private long _period;

    /// <summary>For how long it may stand still.</summary>
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Which time it is that the process runs without such a pause; -1 where it has just stood still. On any thread.</summary>
    public long Period => StoodStill ? -1 : Volatile.Read(ref _period);

    /// <summary>The clock that runs evenly stands still with the machine, and the other one does not.</summary>
    private bool StoodStill => clock.GetElapsedTime(Volatile.Read(ref _ran)) > Limit || Sleepless(clock) - Volatile.Read(ref _ranAt) > Limit.Ticks;

    /// <summary>The process runs; by one timer.</summary>
    /// <returns>Whether it has stood still before.</returns>
    public bool Run()
    {
        var slept = StoodStill;
        if (slept) Interlocked.Increment(ref _period);
        Volatile.Write(ref _ranAt, Sleepless(clock));
        Volatile.Write(ref _ran, clock.GetTimestamp());
        return slept;
    }

    /// <summary>Ticks of a clock that runs on while the machine sleeps. The one that shows the time is set now and then, and only where there is none better must that count as a pause too.</summary>
    private static long Sleepless(TimeProvider clock) => clock == TimeProvider.System && BootClock.Ticks is { } ticks ? ticks : clock.GetUtcNow().Ticks;
}
