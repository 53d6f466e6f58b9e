using MessageRouter.Ledger;
using MessageRouter.Zmtp;

namespace MessageRouter.Links;

/// <summary>
/// What a component receives, by sender, and what it knows to be lost. It lives as long as the node and is bounded: of senders that have been gone for longest only the sum is kept.
/// Callable from any thread.
/// </summary>
internal sealed class Upstream
{
    /// <summary>Senders that are known by themselves.</summary>
    public const int MostAccounts = 256;

    private readonly Lock _lock = new();

    /// <summary>In the order in which they were heard of.</summary>
    private readonly List<UpstreamAccount> _accounts = [];

    private readonly HashSet<UpstreamConnection> _others = [];
    private UpstreamLine? _earlier;
    private UpstreamLine _endedOthers = new() { State = "others" };

    /// <summary>A peer has connected.</summary>
    public UpstreamConnection Connect(IPeer peer)
    {
        var connection = new UpstreamConnection(LinkEnd.Of(peer));
        lock (_lock)
        {
            _others.Add(connection);
            Expect(connection.Sender, 1);
        }
        return connection;
    }

    /// <summary>The sender says how many messages it has sent.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="tally">What it says.</param>
    public void Hear(UpstreamConnection connection, Tally tally)
    {
        lock (_lock)
        {
            if (connection.Sender is not { } sender) return;
            if (connection.Account is null && tally is { Begins: true, Position: 0 } && connection.Received == 0 && AccountOf(sender, tally.Account) is { } account)
            {
                connection.Account = account;
                connection.Number = tally.Connection;
                _others.Remove(connection);
                account.Add(connection);
                Expect(sender, -1);
            }
            connection.Account?.Hear(connection, tally);
        }
    }

    /// <summary>Messages have come without having been subscribed to.</summary>
    public void NotWanted(UpstreamConnection connection, int count)
    {
        lock (_lock)
        {
            if (connection.Account is { } account) account.NotWanted(count);
            else connection.NotWanted += count;
        }
    }

    /// <summary>The connection has ended, and all that had come over it is counted.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="hasLeft">It was the receiver that ended it, since it stops.</param>
    public void End(UpstreamConnection connection, bool hasLeft)
    {
        lock (_lock)
        {
            connection.HasClosed = true;
            connection.HasLeft = hasLeft;
            connection.Account?.Settle();
            if (!_others.Remove(connection)) return;
            _endedOthers = Others([connection]);
            Expect(connection.Sender, -1);
        }
    }

    /// <summary>A line for each sender; those that tell nothing share one.</summary>
    public IReadOnlyList<UpstreamLine> Lines()
    {
        lock (_lock)
        {
            List<UpstreamLine> lines = [.. _accounts.Select(account => account.Line())];
            if (_earlier is { } earlier) lines.Add(earlier);
            if (Others(_others) is { Connections: > 0 } others) lines.Add(others);
            return lines;
        }
    }

    /// <remarks>A connection that has broken before its sender's first word is none of theirs.</remarks>
    private UpstreamLine Others(IEnumerable<UpstreamConnection> all)
    {
        var connections = all.Where(connection => connection.Sender is null || connection.Received > 0).ToList();
        var received = _endedOthers.Received + connections.Sum(connection => connection.Received);
        var notWanted = (_endedOthers.NotWanted ?? 0) + connections.Sum(connection => connection.NotWanted);
        return _endedOthers with { Connections = _endedOthers.Connections + connections.Count, Sent = received, Received = received, NotWanted = notWanted > 0 ? notWanted : null };
    }

    /// <summary>A connection of a sender has been made of which it has not said yet which one it is, or is no such one any more.</summary>
    private void Expect(LinkEnd? sender, int change)
    {
        if (sender is null) return;
        foreach (var account in _accounts.Where(account => account.Sender == sender))
        {
            account.Expected += change;
            account.Settle();
        }
    }

    /// <returns>Null where there are too many that are connected.</returns>
    private UpstreamAccount? AccountOf(LinkEnd sender, long number)
    {
        if (_accounts.Find(account => account.Sender == sender && account.Number == number) is { } known) return known;
        if (_accounts.Count >= MostAccounts)
        {
            if (_accounts.Find(account => !account.HasConnections) is not { } oldest) return null;
            _earlier = _earlier.With(oldest.Line());
            _accounts.Remove(oldest);
        }
        var made = new UpstreamAccount(sender, number)
        {
            IsSuccessor = _accounts.Exists(account => account.Sender == sender),
            Expected = _others.Count(connection => connection.Sender == sender),
        };
        _accounts.Add(made);
        return made;
    }
}
