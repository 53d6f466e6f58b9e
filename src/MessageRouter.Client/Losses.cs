namespace MessageRouter.Client;

/// <summary>How many messages were lost and why, and how many of them the other end has not been told of. Counting takes no lock.</summary>
/// <param name="endpoint">Where they count too; null for nowhere.</param>
internal sealed class Losses(EndpointCounts? endpoint = null)
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    /// <summary>Of who tells.</summary>
    private long _told;

    /// <summary>How many others have lost that this has to tell too.</summary>
    private long _inherited;

    public void Add(DropReason reason, long count = 1)
    {
        Interlocked.Add(ref _counts[(int)reason], count);
        endpoint?.Lost(reason, count);
    }

    public void Inherit(long count) => Interlocked.Add(ref _inherited, count);

    public bool HasUntold => Untold > 0;

    /// <summary>How many were lost since this was asked last.</summary>
    public long TakeUntold()
    {
        var untold = Untold;
        _told += untold;
        return untold;
    }

    private long Untold
    {
        get
        {
            var untold = Volatile.Read(ref _inherited) - _told;
            foreach (ref var count in _counts.AsSpan()) untold += Volatile.Read(ref count);
            return untold;
        }
    }

    public void PutBackUntold(long count) => _told -= count;

    public long[] Counts() => [.. _counts];
}
