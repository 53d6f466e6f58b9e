namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Notices that this process has stood still: what others have agreed on meanwhile it does not know, and they may have taken it to be gone. The limit is less than the shortest time in which they can.
/// </summary>
internal sealed class Wakefulness(TimeProvider clock)
{
    /// <summary>How often it is to be told that the process runs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private long _ran = clock.GetTimestamp();
    private DateTimeOffset _ranAt = clock.GetUtcNow();
    private long _period;

    /// <summary>Which time it is that the process runs without such a pause; -1 where it has just stood still. On any thread.</summary>
    public long Period => clock.GetElapsedTime(Volatile.Read(ref _ran)) > Limit ? -1 : Volatile.Read(ref _period);

    /// <summary>The process runs; by one timer.</summary>
    /// <returns>Whether it has stood still before.</returns>
    public bool Run()
    {
        // The clock that runs evenly stands still with the machine, and the other one does not.
        var slept = clock.GetElapsedTime(_ran) > Limit || clock.GetUtcNow() - _ranAt > Limit;
        if (slept) Interlocked.Increment(ref _period);
        _ranAt = clock.GetUtcNow();
        Volatile.Write(ref _ran, clock.GetTimestamp());
        return slept;
    }
}
