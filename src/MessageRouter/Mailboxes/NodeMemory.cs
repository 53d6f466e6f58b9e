namespace MessageRouter.Mailboxes;

/// <summary>
/// What waits anywhere in a node, in bytes. When it is more than the limit, nothing more comes in from outside until it is well below:
/// inputs that can wait are held, what others bring is dropped. What is inside goes on, so that there will be room again.
/// </summary>
/// <param name="limit">In bytes; 0 for none.</param>
internal sealed class NodeMemory(long limit = 0)
{
    private long _limit = limit;

    /// <summary>What a message takes beside its bytes.</summary>
    public const int Overhead = 48;

    private readonly Lock _lock = new();
    private readonly HashSet<Action> _wantRoom = [];
    private long _waiting;
    private int _full;

    public long Limit
    {
        get => Volatile.Read(ref _limit);
        set
        {
            Volatile.Write(ref _limit, value);

            // It may be full now, or have room.
            if (value == 0 && Interlocked.Exchange(ref _full, 0) == 1) Announce();
            else Add(0, 0);
        }
    }

    /// <summary>What has to be left before messages come in again: enough less than the limit that this is no matter of every message.</summary>
    public long LowMark => Limit / 8 * 7;

    /// <summary>Bytes that wait, with the overhead of their messages.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Bytes that may still come in, for who makes as many as there is room for.</summary>
    public long Room => Limit > 0 ? Math.Max(0, Limit - Waiting) : long.MaxValue;

    /// <summary>Whether nothing more may come in.</summary>
    public bool IsFull => Volatile.Read(ref _full) != 0;

    /// <summary>Told, on any thread, when <see cref="IsFull"/> may have changed.</summary>
    public event Action? Changed;

    public void Add(long messages, long bytes)
    {
        var waiting = Interlocked.Add(ref _waiting, bytes + Overhead * messages);
        if (Limit > 0 && (IsFull ? waiting <= LowMark : waiting > Limit)) Turn();
    }

    /// <summary>Calls, once and on another thread, when messages may come in, as they may already.</summary>
    public void CallWhenRoom(Action act)
    {
        lock (_lock)
        {
            _wantRoom.Add(act);
            if (IsFull) return;
        }
        Announce();
    }

    /// <remarks>Another thread may see the amount before this one has said that it is full: so it looks again.</remarks>
    private void Turn()
    {
        while (true)
        {
            var isFull = IsFull;
            var waiting = Waiting;
            if (isFull ? waiting > LowMark : waiting <= Limit) return;
            if (Interlocked.Exchange(ref _full, isFull ? 0 : 1) == (isFull ? 1 : 0)) Announce();
        }
    }

    /// <summary>On a thread of its own: this may have been called with a mailbox locked.</summary>
    private void Announce() => ThreadPool.UnsafeQueueUserWorkItem(static memory => memory.Tell(), this, preferLocal: false);

    private void Tell()
    {
        Action[] haveRoom = [];
        lock (_lock)
        {
            if (!IsFull)
            {
                haveRoom = [.. _wantRoom];
                _wantRoom.Clear();
            }
        }
        foreach (var act in haveRoom) act();
        Changed?.Invoke();
    }
}
