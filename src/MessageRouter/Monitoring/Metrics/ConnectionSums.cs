namespace MessageRouter.Monitoring.Metrics;

/// <summary>What has come and gone over all connections of a component.</summary>
internal sealed record ConnectionTotals(long MessagesIn, long MessagesOut, long BytesIn, long BytesOut);

/// <summary>Sums up a component's connections, those that have ended included: as far as they were looked at.</summary>
internal sealed class ConnectionSums
{
    private readonly GrowingSum<Key> _messagesIn = new();
    private readonly GrowingSum<Key> _messagesOut = new();
    private readonly GrowingSum<Key> _bytesIn = new();
    private readonly GrowingSum<Key> _bytesOut = new();

    /// <remarks>Where a component has several connections of the same name, they are told apart by their age.</remarks>
    public ConnectionTotals Add(IReadOnlyList<ConnectionLine> lines)
    {
        var keyed = lines
            .GroupBy(line => (line.Peer, line.Direction, line.Socket))
            .SelectMany(same => same.OrderByDescending(line => line.SinceSeconds).Select((line, number) => (Key: new Key(line.Peer, line.Direction, line.Socket, number), Line: line)))
            .ToList();
        return new ConnectionTotals(
            Sum(_messagesIn, line => line.MessagesIn), Sum(_messagesOut, line => line.MessagesOut), Sum(_bytesIn, line => line.BytesIn), Sum(_bytesOut, line => line.BytesOut));

        long Sum(GrowingSum<Key> sum, Func<ConnectionLine, long> count) => sum.Add(keyed.Select(pair => (pair.Key, count(pair.Line))));
    }

    private readonly record struct Key(string Peer, string Direction, string Socket, int Number);
}
