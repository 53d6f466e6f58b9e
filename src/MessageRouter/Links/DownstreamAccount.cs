using MessageRouter.Ledger;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Links;

/// <summary>What was sent to one receiver, and what was not. Under the lock of its <see cref="Downstream"/>.</summary>
internal sealed class DownstreamAccount(LinkEnd? receiver, long number, SubscriptionIndex index)
{
    private readonly List<DownstreamConnection> _open = [];
    private readonly SortedDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private long _serial;
    private long _connections;
    private long _ended;
    private long _unconfirmed;
    private long _beforeSubscribe;
    private bool _isUncounted;
    private bool _hasBegun;
    private bool _hasSubscribed;
    private bool _endedWithLastWord = true;
    private long _away;

    /// <summary>Null for those who are told nothing.</summary>
    public LinkEnd? Receiver => receiver;

    public long Number => number;

    /// <summary>It has not been told yet what has changed.</summary>
    public bool IsDirty { get; private set; }

    public bool IsConnected => _open.Count > 0;

    public bool HasRoom => _open.Count < Tally.MostOpen;

    /// <summary>What it had subscribed to when it was here last; null while it is here, or nobody counts what it misses.</summary>
    public Subscriptions? Kept { get; private set; }

    /// <summary>From where it was connected then: an <see cref="AddressKey"/>, or this where it has none that it has chosen.</summary>
    public object Origin { get; private set; } = AddressKey.Local;

    /// <summary>Whether it has ever subscribed, or goes on for one that has.</summary>
    public bool HasSubscribed => _hasSubscribed;

    /// <summary>When its last connection ended; a timestamp of the clock.</summary>
    public long LeftAt { get; private set; }

    /// <summary>Since when it has not been here with all that it wants; a timestamp of the clock. Connections in which it does not get that far do not begin it anew.</summary>
    public long AwaySince { get; private set; }

    public void Open(DownstreamConnection connection)
    {
        connection.Number = ++_connections;
        _open.Add(connection);
    }

    /// <summary>Goes on for a receiver that was here in another run of its node: what that missed since it went, this one misses.</summary>
    public void Succeed(DownstreamAccount former)
    {
        _hasSubscribed = true;
        (LeftAt, AwaySince) = (former.LeftAt, former.AwaySince);
        if (former.Kept is null)
        {
            _isUncounted = true;
            return;
        }
        Kept = former.Kept;
        Origin = former.Origin;
        _away = former._away;
        Drop(_away, LossReasons.Away);
        if (_away > 0) former._dropped[LossReasons.Away] -= _away;
        former._away = 0;
        former.Kept = null;
    }

    /// <summary>It has begun to subscribe.</summary>
    /// <param name="published">Messages published up to now.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public void Begin(long published, long now)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        if (_hasSubscribed) return;
        _beforeSubscribe = published;
        AwaySince = now;
    }

    /// <summary>It is here, and has subscribed to all that it wants.</summary>
    public void Subscribed()
    {
        _hasSubscribed = true;
        IsDirty |= _beforeSubscribe > 0 || _away > 0;
        Keep(null);
    }

    /// <summary>What it would have been sent had it been here. One that is coming back is sent what it has subscribed to already.</summary>
    /// <param name="count">Messages that were looked up, in the index of those who are here and in that of those who are not.</param>
    public void Missed(int count)
    {
        if (!_hasSubscribed) _beforeSubscribe += Unsent(count, wanted: null);
        else if (Kept is { } kept) _away += Drop(Unsent(count, kept.MatchesAll ? null : kept.Places), LossReasons.Away);
    }

    private int Unsent(int count, List<int>? wanted)
    {
        bool[]? sent = null;
        foreach (var connection in _open)
        {
            if (connection.Subscriptions is not { } subscriptions) continue;
            if (subscriptions.MatchesAll) return 0;
            if (subscriptions.Places.Count == 0) continue;
            sent ??= new bool[count];
            foreach (var place in subscriptions.Places) sent[place] = true;
        }
        if (sent is null) return wanted?.Count ?? count;
        return wanted?.Count(place => !sent[place]) ?? sent.AsSpan().Count(false);
    }

    /// <summary>What it misses from now on is counted as of one that wants this; null while it is here.</summary>
    private void Keep(Subscriptions? wanted)
    {
        _away = 0;
        Kept?.Clear();
        Kept = null;
        if (wanted is null) return;
        Kept = new Subscriptions(index);
        foreach (var prefix in wanted.Prefixes) Kept.Add(prefix);
    }

    /// <summary>Nobody counts any more what it misses.</summary>
    public void CountNoMore()
    {
        Kept?.Clear();
        Kept = null;
        _hasSubscribed = true;
        _isUncounted = true;
    }

    public long Drop(long count, string reason)
    {
        if (count == 0) return 0;
        _dropped[reason] = _dropped.GetValueOrDefault(reason) + count;
        IsDirty = true;
        return count;
    }

    public void Close(DownstreamConnection connection, int unconfirmed, Subscriptions? subscriptions, long now)
    {
        _open.Remove(connection);
        _ended += connection.Written;
        _unconfirmed += unconfirmed;
        _endedWithLastWord = connection.HasLastWord && connection.Written == connection.Given;
        IsDirty = true;
        LeftAt = now;
        if (_open.Exists(other => other.IsSubscribed)) return;

        // One that has not come back as a whole has what it had before.
        if (!connection.IsSubscribed) return;
        AwaySince = now;
        Keep(subscriptions);
        Origin = (object?)AddressKey.Of(connection.Peer) ?? this;
    }

    /// <summary>What is to be told now.</summary>
    public Tally Tell(DownstreamConnection connection, bool begins, bool isLast)
    {
        IsDirty = false;
        return new Tally
        {
            Begins = begins,
            IsLast = isLast,
            IsUncounted = _isUncounted,
            Account = number,
            Serial = _serial++,
            Connection = connection.Number,
            Position = connection.Given,
            Ended = _ended,
            BeforeSubscribe = _beforeSubscribe,
            Open = [.. _open.Select(other => other.Number)],
            Dropped = [.. _dropped],
        };
    }

    /// <summary>What was told has not left.</summary>
    public void TellAgain() => IsDirty = true;

    public DownstreamLine Line() => new()
    {
        Node = receiver?.Node,
        Epoch = receiver?.Epoch,
        Component = receiver?.Component,
        Account = receiver is null ? null : number,
        State = receiver is null ? "others" : IsConnected ? "connected" : _endedWithLastWord ? "finished" : "broken",
        Connections = _connections,
        Sent = _ended + _open.Sum(connection => connection.Written),
        Queued = _open.Sum(connection => connection.Given - connection.Written),
        Dropped = _dropped.Where(dropped => dropped.Value > 0).ToDictionary(),
        BeforeSubscribe = _beforeSubscribe,
        Unconfirmed = _unconfirmed + _open.Sum(connection => connection.Unwitnessed),
        Uncounted = _isUncounted ? true : null,
    };
}
