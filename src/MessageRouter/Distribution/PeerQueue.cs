namespace MessageRouter.Distribution;

/// <summary>How many bytes may wait for each peer of an output; 0 is written for no limit.</summary>
internal static class PeerQueue
{
    public const long DefaultBytes = 16 << 20;

    /// <summary>The bound for one peer.</summary>
    public static long Bound(long written) => written == 0 ? long.MaxValue : written;

    /// <summary>What that is for all peers that are known beforehand, and for one where peers come by themselves; null for no limit.</summary>
    public static long? MostBytes(long written, int known) =>
        written == 0 ? null : (long)Math.Min(long.MaxValue, (decimal)written * Math.Max(1, known));

    /// <summary>Whether it is more than where nothing is written.</summary>
    public static bool IsRaised(long written) => written is 0 or > DefaultBytes;
}
