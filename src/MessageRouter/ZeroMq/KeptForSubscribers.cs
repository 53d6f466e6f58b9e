namespace MessageRouter.ZeroMq;

/// <summary>
/// The bytes that a publisher keeps for subscribers that are behind: messages that others may have long got. Those that are the same ones count once, however many subscribers have them before
/// them, since that is how often they are in memory.
/// </summary>
internal sealed class KeptForSubscribers
{
    public long Bytes { get; private set; }

    /// <summary>A subscriber is given messages of a publication.</summary>
    /// <param name="publication">What they are of, where they are no copies.</param>
    /// <param name="bytes">The bytes of copies that were made for it alone.</param>
    public void Add(Publication? publication, long bytes) => Bytes += publication?.Hold() ?? bytes;

    /// <summary>It has them no more.</summary>
    public void Remove(Publication? publication, long bytes) => Bytes -= publication?.Release() ?? bytes;
}
