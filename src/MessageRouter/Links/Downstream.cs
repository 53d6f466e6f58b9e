using MessageRouter.Ledger;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Links;

/// <summary>
/// What a component sends, by receiver. It lives as long as the node and is bounded: of receivers that have been gone for longest only the sum is kept, and of few that are away, and not
/// for ever, it is counted what they miss. Callable from any thread.
/// </summary>
internal sealed class Downstream : IKeptSubscriptions
{
    /// <summary>Receivers that are known by themselves.</summary>
    public const int MostAccounts = 256;

    /// <summary>Receivers that are away of which it is counted what they miss.</summary>
    public const int MostAway = 16;

    /// <summary>For how long it is counted what a receiver misses that is away.</summary>
    public static readonly TimeSpan LongestAway = TimeSpan.FromHours(1);

    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();

    /// <summary>In the order in which they first came.</summary>
    private readonly List<DownstreamAccount> _accounts = [];

    /// <summary>Those that are not here, or have not yet subscribed to all that they want, in the order in which they went.</summary>
    private readonly List<DownstreamAccount> _away = [];

    /// <summary>What those had subscribed to.</summary>
    private readonly SubscriptionIndex _kept = new();

    private readonly DownstreamAccount _others;
    private DownstreamLine? _earlier;
    private long _made;
    private long _published;

    public Downstream(TimeProvider clock)
    {
        _clock = clock;
        _others = new DownstreamAccount(receiver: null, number: 0, _kept);
    }

    /// <inheritdoc/>
    public long Bytes
    {
        get
        {
            lock (_lock) return _kept.Bytes;
        }
    }

    /// <inheritdoc/>
    /// <remarks>A receiver that is forgotten is told that nobody counts what it misses.</remarks>
    public IReadOnlyList<KeptSubscriptions> All
    {
        get
        {
            lock (_lock) return [.. _away.Where(account => account.Kept is not null).Select(account => new KeptSubscriptions(account.Origin, account.Kept!.Bytes, () => Forget(account)))];
        }
    }

    /// <summary>Whether there is something that a peer who is here should be told.</summary>
    public bool HasNews
    {
        get
        {
            lock (_lock) return _accounts.Exists(account => account is { IsDirty: true, IsConnected: true });
        }
    }

    /// <summary>A peer has connected. Where it has agreed to it, it is told at once what it has missed so far.</summary>
    public DownstreamConnection Connect(IPeer peer)
    {
        lock (_lock)
        {
            var receiver = LinkEnd.Of(peer);
            var connection = new DownstreamConnection(this, peer, AccountOf(receiver)) { Wanted = receiver?.Subscriptions ?? 0 };
            connection.Account.Open(connection);
            Tell(connection, begins: true, isLast: false);
            return connection;
        }
    }

    /// <summary>Messages are published: those who are away miss what they would have been sent. Who is here has looked them up already (<see cref="SubscriptionIndex.Look"/>).</summary>
    public void Publish(MessageBatch batch)
    {
        lock (_lock)
        {
            _published += batch.Count;
            if (_away.Count == 0) return;
            LeaveOutThoseTooLongAway();
            _kept.Look(batch.ToWire());
            foreach (var account in _away) account.Missed(batch.Count);
        }
    }

    /// <summary>Messages that were published will be once more.</summary>
    public void TakeBack(long count)
    {
        lock (_lock) _published -= count;
    }

    /// <summary>A line for each receiver; those that are told nothing share one.</summary>
    public IReadOnlyList<DownstreamLine> Lines()
    {
        lock (_lock)
        {
            List<DownstreamLine> lines = [.. _accounts.Select(account => account.Line())];
            if (_earlier is { } earlier) lines.Add(earlier);
            if (_others.Line() is { Connections: > 0 } others) lines.Add(others);
            return lines;
        }
    }

    internal void Given(DownstreamConnection connection, int count)
    {
        lock (_lock) connection.Given += count;
    }

    internal void Written(DownstreamConnection connection, int count)
    {
        lock (_lock) connection.Written += count;
    }

    internal void Drop(DownstreamConnection connection, int count, string reason)
    {
        lock (_lock) connection.Account.Drop(count, reason);
    }

    internal void Unwitnessed(DownstreamConnection connection, int count)
    {
        lock (_lock) connection.Unwitnessed += count;
    }

    internal void Subscribed(DownstreamConnection connection, Subscriptions subscriptions, int count)
    {
        lock (_lock)
        {
            connection.Subscriptions = subscriptions;
            if (connection.Account.Receiver is null || connection.IsSubscribed) return;
            connection.Subscribed += count;
            connection.IsSubscribed = connection.Subscribed >= connection.Wanted;
            var account = connection.Account;
            account.Begin(_published, _clock.GetTimestamp());
            if (connection.IsSubscribed)
            {
                account.Subscribed();
                _away.Remove(account);
            }
            else if (!account.HasSubscribed)
            {
                Watch(account);
            }
        }
    }

    internal void Close(DownstreamConnection connection, int unconfirmed)
    {
        lock (_lock)
        {
            var account = connection.Account;
            account.Close(connection, unconfirmed + (int)connection.Unwitnessed, connection.Subscriptions, _clock.GetTimestamp());
            if (account.Kept is not null) Watch(account);
        }
    }

    internal bool IsDirty(DownstreamConnection connection)
    {
        lock (_lock) return connection.Account is { IsDirty: true, Receiver: not null };
    }

    internal void Tell(DownstreamConnection connection, bool begins, bool isLast)
    {
        lock (_lock)
        {
            var account = connection.Account;
            if (account.Receiver is null || connection.HasLastWord) return;
            if (connection.Peer.TrySend(account.Tell(connection, begins, isLast).ToFrame())) connection.HasLastWord = isLast;
            else account.TellAgain();
        }
    }

    private void Watch(DownstreamAccount account)
    {
        if (_away.Contains(account)) return;
        _away.Add(account);
        if (_away.Count > MostAway) LeaveOut(_away[0]);
    }

    private void LeaveOutThoseTooLongAway()
    {
        for (var i = _away.Count - 1; i >= 0; i--)
        {
            if (_clock.GetElapsedTime(_away[i].AwaySince) > LongestAway) LeaveOut(_away[i]);
        }
    }

    private void Forget(DownstreamAccount account)
    {
        lock (_lock) LeaveOut(account);
    }

    private void LeaveOut(DownstreamAccount account)
    {
        account.CountNoMore();
        _away.Remove(account);
    }

    /// <remarks>One that cannot be kept is told nothing.</remarks>
    private DownstreamAccount AccountOf(LinkEnd? receiver)
    {
        if (receiver is null) return _others;
        if (_accounts.Find(account => account.Receiver == receiver) is { } known) return known.HasRoom ? known : _others;
        if (_accounts.Count >= MostAccounts)
        {
            if (_accounts.Where(account => !account.IsConnected).MinBy(account => account.LeftAt) is not { } oldest) return _others;
            _earlier = _earlier.With(oldest.Line());
            _accounts.Remove(oldest);
            LeaveOut(oldest);
        }
        var made = new DownstreamAccount(receiver, ++_made, _kept);
        if (_accounts.FindLast(account => account is { IsConnected: false, HasSubscribed: true } && account.Receiver!.IsOtherRunOf(receiver)) is { } former) Succeed(made, former);
        _accounts.Add(made);
        return made;
    }

    private void Succeed(DownstreamAccount account, DownstreamAccount former)
    {
        account.Succeed(former);
        if (_away.IndexOf(former) is >= 0 and var place) _away[place] = account;
    }
}

/// <summary>A connection over which messages go.</summary>
internal sealed class DownstreamConnection(Downstream book, IPeer peer, DownstreamAccount account)
{
    // All that can be changed is under the lock of the book.
    public IPeer Peer => peer;

    public DownstreamAccount Account => account;

    public long Number { get; set; }

    public long Given { get; set; }

    public long Written { get; set; }

    /// <summary>Counted as written although nobody has said that they are.</summary>
    public long Unwitnessed { get; set; }

    public bool HasLastWord { get; set; }

    /// <summary>Words of subscription with which it says all that it wants.</summary>
    public int Wanted { get; init; }

    /// <summary>Words of subscription that have come.</summary>
    public int Subscribed { get; set; }

    /// <summary>Whether it has subscribed to all that it wants.</summary>
    public bool IsSubscribed { get; set; }

    public Subscriptions? Subscriptions { get; set; }

    /// <summary>Whether there is something that the peer should be told.</summary>
    public bool IsDirty => book.IsDirty(this);

    /// <summary>The peer is given messages.</summary>
    public void Give(int count) => book.Given(this, count);

    /// <summary>The oldest that it was given are in the hands of the operating system.</summary>
    public void Write(int count) => book.Written(this, count);

    /// <summary>Nobody will ever say whether the last that it was given were written: they are not sent again.</summary>
    public void WriteUnwitnessed(int count)
    {
        book.Written(this, count);
        book.Unwitnessed(this, count);
    }

    /// <summary>Messages that were for the peer are not sent to it.</summary>
    public void Drop(int count, string reason) => book.Drop(this, count, reason);

    /// <summary>The peer has subscribed.</summary>
    /// <param name="subscriptions">To what by now.</param>
    /// <param name="count">In so many words.</param>
    public void Subscribe(Subscriptions subscriptions, int count) => book.Subscribed(this, subscriptions, count);

    /// <summary>Tells the peer what there is to tell.</summary>
    public void Tell() => book.Tell(this, begins: false, isLast: false);

    /// <summary>Tells it that nothing more will come.</summary>
    public void SayLastWord() => book.Tell(this, begins: false, isLast: true);

    /// <summary>The connection has ended.</summary>
    /// <param name="unconfirmed">How many of those that were written the peer's machine has not confirmed.</param>
    public void Close(int unconfirmed) => book.Close(this, unconfirmed);
}
