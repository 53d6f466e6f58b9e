using MessageRouter.Ledger;

namespace MessageRouter.Links;

/// <summary>Lines of senders or receivers of which only the sum is kept.</summary>
internal static class LineSums
{
    /// <summary>Adds a line to the sum of earlier ones.</summary>
    public static UpstreamLine With(this UpstreamLine? sum, UpstreamLine line) => new()
    {
        State = "earlier",
        Connections = Add(sum?.Connections ?? 0, line.Connections),
        Sent = Add(sum?.Sent ?? 0, line.Sent),
        Received = Add(sum?.Received ?? 0, line.Received),
        LostInTransit = Add(sum?.LostInTransit ?? 0, line.LostInTransit),
        UnderWay = Add(sum?.UnderWay ?? 0, line.UnderWay),
        DroppedBySender = Sum(sum?.DroppedBySender, line.DroppedBySender),
        BeforeSubscribe = Add(sum?.BeforeSubscribe ?? 0, line.BeforeSubscribe),
        NotWanted = sum?.NotWanted + line.NotWanted ?? sum?.NotWanted ?? line.NotWanted,
        Uncounted = sum?.Uncounted ?? line.Uncounted,
        Contradiction = sum?.Contradiction ?? line.Contradiction,
    };

    /// <inheritdoc cref="With(UpstreamLine, UpstreamLine)"/>
    public static DownstreamLine With(this DownstreamLine? sum, DownstreamLine line) => new()
    {
        State = "earlier",
        Connections = Add(sum?.Connections ?? 0, line.Connections),
        Sent = Add(sum?.Sent ?? 0, line.Sent),
        Answered = sum?.Answered + line.Answered ?? sum?.Answered ?? line.Answered,
        Returned = sum?.Returned + line.Returned ?? sum?.Returned ?? line.Returned,
        Queued = Add(sum?.Queued ?? 0, line.Queued),
        Dropped = Sum(sum?.Dropped, line.Dropped),
        BeforeSubscribe = Add(sum?.BeforeSubscribe ?? 0, line.BeforeSubscribe),
        Unconfirmed = Add(sum?.Unconfirmed ?? 0, line.Unconfirmed),
        Uncounted = sum?.Uncounted ?? line.Uncounted,
    };

    private static SortedDictionary<string, long> Sum(IReadOnlyDictionary<string, long>? first, IReadOnlyDictionary<string, long> second)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (reason, count) in (first ?? second).Concat(first is null ? [] : second)) sums[reason] = Add(sums.GetValueOrDefault(reason), count);
        return sums;
    }

    /// <summary>Peers may say what they like, and come again and again: a sum stays where numbers end that are believed.</summary>
    private static long Add(long sum, long count) => Math.Min(sum + count, Tally.MostMessages * 1024);
}
