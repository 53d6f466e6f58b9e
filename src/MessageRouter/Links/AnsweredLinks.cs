using MessageRouter.Zmtp;

namespace MessageRouter.Links;

/// <summary>
/// One end of at-least-once links, by what each peer says it is. It lives as long as the node and is bounded: of peers that have been gone for longest only the sum is kept. Nothing is said on
/// the wire: a connection loses nothing, and what has no answer at its end goes to another. Callable from any thread.
/// </summary>
internal sealed class AnsweredLinks
{
    /// <summary>Peers that are known by themselves.</summary>
    public const int MostAccounts = 256;

    private readonly Lock _lock = new();

    /// <summary>In the order in which they first came.</summary>
    private readonly List<AnsweredAccount> _accounts = [];

    private readonly AnsweredAccount _others = new(peer: null);
    private readonly AnsweredAccount _earlier = new(peer: null);

    /// <summary>A peer has connected.</summary>
    public AnsweredAccount Connect(IPeer peer)
    {
        lock (_lock)
        {
            var account = AccountOf(LinkEnd.Of(peer));
            account.Connections.Add(1);
            account.Open.Add(1);
            return account;
        }
    }

    /// <summary>A line for each peer; those that do not say who they are share one, and those that were forgotten another.</summary>
    /// <param name="line">Makes one of an account and what it is at.</param>
    public IReadOnlyList<T> Lines<T>(Func<AnsweredAccount, string, T> line)
    {
        lock (_lock)
        {
            List<T> lines = [.. _accounts.Select(account => line(account, account.Open.Value > 0 ? "connected" : "finished"))];
            if (_earlier.Connections.Value > 0) lines.Add(line(_earlier, "earlier"));
            if (_others.Connections.Value > 0) lines.Add(line(_others, "others"));
            return lines;
        }
    }

    private AnsweredAccount AccountOf(LinkEnd? peer)
    {
        if (peer is null) return _others;
        if (_accounts.Find(account => account.Peer == peer) is { } known) return known;
        if (_accounts.Count >= MostAccounts)
        {
            if (_accounts.Find(account => account.Open.Value == 0) is not { } oldest) return _others;
            _earlier.Add(oldest);
            _accounts.Remove(oldest);
        }
        var made = new AnsweredAccount(peer);
        _accounts.Add(made);
        return made;
    }
}
