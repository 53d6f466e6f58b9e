namespace MessageRouter.Client;

/// <summary>What a client has counted since it was made.</summary>
public sealed class MessageClientStatistics
{
    internal MessageClientStatistics(long sent, long waiting, long[] dropped, long eventsCut, long eventsWithFailures)
    {
        Sent = sent;
        Waiting = waiting;
        DroppedBy = dropped;
        EventsCut = eventsCut;
        EventsWithFailures = eventsWithFailures;
    }

    /// <summary>What several clients have counted together.</summary>
    internal static MessageClientStatistics Of(params ReadOnlySpan<MessageClientStatistics> all)
    {
        var (sent, waiting, dropped, cut, failed) = (0L, 0L, new long[Enum.GetValues<DropReason>().Length], 0L, 0L);
        foreach (var one in all)
        {
            sent += one.Sent;
            waiting += one.Waiting;
            cut += one.EventsCut;
            failed += one.EventsWithFailures;
            for (var reason = 0; reason < dropped.Length; reason++) dropped[reason] += one.DroppedBy[reason];
        }
        return new MessageClientStatistics(sent, waiting, dropped, cut, failed);
    }

    /// <summary>Messages that the operating system has; with <see cref="ClientSocket.Pub"/> those that at least one subscriber's queue has taken, from which it may miss some that leaves or does not read.</summary>
    public long Sent { get; }

    /// <summary>Messages that wait to be sent.</summary>
    public long Waiting { get; }

    /// <summary>Messages that were not sent and will not be.</summary>
    public long Dropped => DroppedBy.Sum();

    /// <summary>Log events, of a logging library, of which something was left out: a text that was too long, objects that were too many, too deep or without an end. The event says so.</summary>
    public long EventsCut { get; }

    /// <summary>Log events in which something failed when it was written, such as a <c>ToString</c>. The event says so in its place.</summary>
    public long EventsWithFailures { get; }

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
