using MessageRouter.Ledger;

namespace MessageRouter.Links;

/// <summary>
/// What one sender has told of its messages, and what has come of them. Under the lock of its <see cref="Upstream"/>.
/// </summary>
/// <remarks>
/// On a connection messages cannot be lost, only at its end. So what came over each connection is remembered until the sender has told how much it had written to it: the
/// difference is lost when the connection has ended on this side too.
/// </remarks>
internal sealed class UpstreamAccount(LinkEnd sender, long number)
{
    private readonly List<UpstreamConnection> _open = [];
    private IReadOnlyList<long> _openAtSender = [];
    private long _serial = -1;
    private long _ended;
    private long _beforeSubscribe;
    private IReadOnlyList<KeyValuePair<string, long>> _dropped = [];
    private long _settled;
    private long _lost;
    private long _connections;
    private long _notWanted;
    private bool _isUncounted;
    private string? _contradiction;

    public LinkEnd Sender => sender;

    public long Number => number;

    /// <summary>The sender had forgotten an earlier account: what it says of the time before belongs to that.</summary>
    public bool IsSuccessor { get; init; }

    public bool HasConnections => _open.Exists(connection => !connection.HasClosed);

    /// <summary>Connections that began at the sender before this one did may still be unknown here.</summary>
    public int Expected { get; set; }

    public void Add(UpstreamConnection connection)
    {
        _connections++;

        // Its first word may have been overtaken by one on another connection.
        connection.IsTold = _serial >= 0 && !_openAtSender.Contains(connection.Number);
        if (_open.Exists(other => other.Number == connection.Number)) _contradiction ??= "two connections have the same number";
        _open.Add(connection);
    }

    public void Hear(UpstreamConnection connection, Tally tally)
    {
        if (tally.Connection != connection.Number || tally.Position != connection.Received)
            _contradiction ??= $"of {tally.Position} messages that were sent over a connection {connection.Received} had come";
        connection.HasLastWord |= tally.IsLast;
        if (tally.Serial <= _serial) return;
        if (tally.Ended < _ended || _dropped.Any(known => tally.Dropped.FirstOrDefault(dropped => dropped.Key == known.Key).Value < known.Value)) _contradiction ??= "counts have become less";
        _serial = tally.Serial;
        _ended = tally.Ended;
        _beforeSubscribe = tally.BeforeSubscribe;
        _dropped = tally.Dropped;
        _isUncounted |= tally.IsUncounted;
        _openAtSender = tally.Open;
        foreach (var other in _open) other.IsTold = !tally.Open.Contains(other.Number);
        Settle();
    }

    public void NotWanted(int count) => _notWanted += count;

    /// <summary>Takes together what is known of connections that have ended on both sides.</summary>
    public void Settle()
    {
        foreach (var connection in _open.Where(connection => connection is { IsTold: true, HasClosed: true })) _settled += connection.Received;
        _open.RemoveAll(connection => connection is { IsTold: true, HasClosed: true });
        if (Expected == 0 && !_open.Exists(connection => connection.IsTold)) _lost = Missing;
    }

    public UpstreamLine Line()
    {
        var received = _settled + _open.Sum(connection => connection.Received);
        var missing = Missing;
        return new UpstreamLine
        {
            Node = sender.Node,
            Epoch = sender.Epoch,
            Component = sender.Component,
            Account = number,
            State = HasConnections ? "connected" : _open.Exists(connection => connection is { HasLastWord: false, HasLeft: false }) ? "broken" : _open.Exists(connection => !connection.HasLastWord) ? "left" : "finished",
            Connections = _connections,
            Sent = received + missing,
            Received = received,
            LostInTransit = _lost,
            UnderWay = missing - _lost,
            DroppedBySender = _dropped.Where(dropped => dropped.Value > 0).ToDictionary(),
            BeforeSubscribe = IsSuccessor ? 0 : _beforeSubscribe,
            NotWanted = _notWanted > 0 ? _notWanted : null,
            Uncounted = _isUncounted || IsSuccessor ? true : null,
            Contradiction = _contradiction ?? (missing < 0 ? $"more messages have come than were sent, by {-missing}" : null),
        };
    }

    /// <summary>Messages that were written to connections of which the sender knows that they have ended, and that have not come.</summary>
    private long Missing => _ended - _settled - _open.Where(connection => connection.IsTold).Sum(connection => connection.Received);
}

/// <summary>A connection over which messages come. Its own task alone counts what has; all else is under the lock of its <see cref="Upstream"/>.</summary>
internal sealed class UpstreamConnection(LinkEnd? sender)
{
    private long _received;

    /// <summary>Who sends; null where the peer tells nothing.</summary>
    public LinkEnd? Sender => sender;

    /// <summary>Where what comes is counted, once the sender has said which account it is.</summary>
    public UpstreamAccount? Account { get; set; }

    public long Number { get; set; }

    public long Received => Volatile.Read(ref _received);

    public long NotWanted { get; set; }

    /// <summary>The sender has told how much it had written to it.</summary>
    public bool IsTold { get; set; }

    public bool HasClosed { get; set; }

    public bool HasLastWord { get; set; }

    /// <summary>The receiver has ended it, since it stops.</summary>
    public bool HasLeft { get; set; }

    public void Add(int count) => Volatile.Write(ref _received, _received + count);
}
