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

    /// <summary>What several clients have counted together.</summary>
    internal static MessageClientStatistics Of(params ReadOnlySpan<MessageClientStatistics> all)
    {
        var (sent, waiting, dropped) = (0L, 0L, new long[Enum.GetValues<DropReason>().Length]);
        foreach (var one in all)
        {
            sent += one.Sent;
            waiting += one.Waiting;
            for (var reason = 0; reason < dropped.Length; reason++) dropped[reason] += one.DroppedBy[reason];
        }
        return new MessageClientStatistics(sent, waiting, dropped);
    }

    /// <summary>Messages that the operating system has.</summary>
    public long Sent { get; }

    /// <summary>Messages that wait to be sent.</summary>
    public long Waiting { get; }

    /// <summary>Messages that were not sent and will not be.</summary>
    public long Dropped => DroppedBy.Sum();

    private long[] DroppedBy { get; }

    /// <summary>The same for one reason.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no reason.</exception>
    public long DroppedBecause(DropReason reason) =>
        (uint)reason < (uint)DroppedBy.Length ? DroppedBy[(int)reason] : throw new ArgumentOutOfRangeException(nameof(reason), reason, "It is no reason.");
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
