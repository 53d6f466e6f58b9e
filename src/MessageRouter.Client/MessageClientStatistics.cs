namespace MessageRouter.Client;

/// <summary>What a client has counted since it was made.</summary>
public sealed class MessageClientStatistics
{
    internal MessageClientStatistics(long sent, long waiting, long[] dropped)
    {
        Sent = sent;
        Waiting = waiting;
        DroppedBy = dropped;
    }

    /// <summary>Messages that the operating system has.</summary>
    public long Sent { get; }

    /// <summary>Messages that wait to be sent.</summary>
    public long Waiting { get; }

    /// <summary>Messages that were not sent and will not be.</summary>
    public long Dropped => DroppedBy.Sum();

    private long[] DroppedBy { get; }

    /// <summary>The same for one reason.</summary>
    public long DroppedBecause(DropReason reason) => DroppedBy[(int)reason];
}

/// <summary>Messages were dropped.</summary>
/// <param name="statistics">What was counted up to now.</param>
/// <param name="count">How many were dropped since this was said last.</param>
public sealed class MessagesDroppedEventArgs(MessageClientStatistics statistics, long count) : EventArgs
{
    /// <summary>How many were dropped since this was said last.</summary>
    public long Count { get; } = count;

    /// <summary>What was counted up to now.</summary>
    public MessageClientStatistics Statistics { get; } = statistics;
}
