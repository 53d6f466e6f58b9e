using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Monitoring.Taps;

namespace MessageRouter.Mailboxes;

/// <summary>
/// The way from one component into the mailbox of another, or from the outside into an input's. It carries the
/// overflow policy for this pair, counts what goes over it, and under <see cref="Overflow.Wait"/> keeps what the
/// mailbox has no room for yet.
/// </summary>
/// <param name="from">The sender's name; empty for the outside.</param>
/// <param name="target">The mailbox.</param>
/// <param name="overflow">What happens when it is full.</param>
/// <param name="sent">Of a component's edge to a target: what the sender has sent to all of its targets, so that each can be held to it.</param>
internal sealed class Edge(string from, BoundedMailbox target, Overflow overflow, Counter? sent = null)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<MessageBatch> _kept = [];
    private volatile Overflow _overflow = overflow;
    private volatile BoundedMailbox _target = target;
    private volatile Edge? _heir;
    private TaskCompletionSource? _empty;

    /// <summary>With the sender's total where the edge is connected: what must have been offered.</summary>
    private long _expected = -(sent?.Value ?? 0);
    private bool _isConnected = true;

    /// <summary>The sender's name; empty for the outside.</summary>
    public string From { get; } = from;

    public BoundedMailbox Target => _target;

    /// <summary>What happens to what the mailbox has no room for. What is kept already stays.</summary>
    public Overflow Overflow
    {
        get => _overflow;
        set => _overflow = value;
    }

    /// <summary>Messages sent over the edge, whatever became of them.</summary>
    public Counter Offered { get; } = new();

    /// <summary>Messages that are kept until the mailbox has room.</summary>
    /// <remarks>What waits outside takes no room in the node: it could keep the node full with nothing in it.</remarks>
    public Stock Waiting { get; } = new(from.Length == 0 ? null : target.Counts.Memory);

    public DropCounters Dropped { get; } = new();

    /// <summary>What the sender has sent while the edge was connected; of other edges what was offered.</summary>
    public long Expected => sent is null ? Offered.Value : Volatile.Read(ref _expected) + (_isConnected ? sent.Value : 0);

    /// <summary>
    /// Told true when the edge begins to keep messages and false when the last of them is gone, on any thread and
    /// with the edge locked: it must not send.
    /// </summary>
    public Action<bool>? Blocked { get; set; }

    /// <summary>Sends messages; what the policy drops is counted. One thread at a time, so that the order holds.</summary>
    /// <param name="batch">The messages.</param>
    /// <param name="unpaused">
    /// The sender goes on even while the edge keeps messages. So that these do not grow without a bound, it drops and counts
    /// messages while it keeps as many, or as many bytes, as the mailbox has room for.
    /// </param>
    /// <returns>False where the edge now keeps messages: the sender should pause until <see cref="Blocked"/> says false.</returns>
    public bool Send(MessageBatch batch, bool unpaused = false)
    {
        Offered.Add(batch.Count);
        Target.Counts.In.Add(batch.Count);
        Target.Counts.Tap.Saw(TapSide.In, batch, From);
        var overflow = _overflow;
        if (overflow != Overflow.Wait && Waiting.Value == 0)
        {
            if (From.Length == 0 && Target.Counts.Memory.IsFull)
            {
                Drop(DropReasons.Memory, batch);
                return true;
            }
            Target.Offer(this, batch, overflow);
            return true;
        }

        lock (_lock)
        {
            if (unpaused && (Waiting.Value >= Target.Capacity || Waiting.Bytes >= Target.MaxBytes))
            {
                Drop(DropReasons.MailboxFull, batch);
                return false;
            }
            var wasBlocked = _kept.Count > 0;
            var left = wasBlocked || StaysOutside() ? batch : Target.Offer(this, batch, Overflow.Wait);
            if (left is null) return true;
            _kept.AddLast(left);
            Waiting.Add(left);
            if (!wasBlocked) Blocked?.Invoke(true);
            return false;
        }
    }

    /// <summary>
    /// Drops nothing more for want of room: a node that stops has only so many messages left, and time for them.
    /// </summary>
    public void WaitFromNowOn() => _overflow = Overflow.Wait;

    /// <summary>Leads to the mailbox of what takes the target's place, which the old one hands everything over to.</summary>
    public void Redirect(BoundedMailbox successor) => _target = successor;

    /// <summary>The sender sends over it, or does so no more; with the sender's <see cref="Components.ComponentCell.Books"/> held.</summary>
    public void SetConnected(bool isConnected)
    {
        if (isConnected == _isConnected || sent is null) return;
        Volatile.Write(ref _expected, _expected + (isConnected ? -sent.Value : sent.Value));
        _isConnected = isConnected;
    }

    /// <summary>
    /// Another edge of the same two components goes on with what this one has counted, and keeps what this one keeps before its own. Nobody
    /// sends over this one any more.
    /// </summary>
    public void MergeInto(Edge heir)
    {
        SetConnected(false);
        lock (_lock)
        {
            _heir = heir;
            heir.Inherit(this);
            _kept.Clear();
            Waiting.Clear();
            _empty?.TrySetResult();
        }
        heir.SendKept();
    }

    private void Inherit(Edge ancestor)
    {
        lock (_lock)
        {
            Offered.Add(ancestor.Offered.Value);
            Volatile.Write(ref _expected, _expected + ancestor._expected);
            foreach (var (reason, count) in ancestor.Dropped.Snapshot()) Dropped.Add(reason, count);
            var wasBlocked = _kept.Count > 0;
            foreach (var batch in ancestor._kept.Reverse())
            {
                _kept.AddFirst(batch);
                Waiting.Add(batch);
            }
            if (!wasBlocked && _kept.Count > 0) Blocked?.Invoke(true);
        }
    }

    /// <summary>The mailbox has room again for what it turned away.</summary>
    public void SendKept()
    {
        lock (_lock)
        {
            if (_kept.Count == 0) return;
            while (_kept.First is { } first)
            {
                if (StaysOutside()) return;
                var left = Target.Offer(this, first.Value, Overflow.Wait);
                Waiting.Remove(first.Value);
                if (left is not null)
                {
                    Waiting.Add(left);
                    first.Value = left;
                    return;
                }
                _kept.RemoveFirst();
            }
            Blocked?.Invoke(false);
            _empty?.TrySetResult();
        }
    }

    /// <summary>Done when it keeps nothing any more.</summary>
    public Task WhenEmpty()
    {
        lock (_lock)
        {
            if (_kept.Count == 0) return Task.CompletedTask;
            return (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Drops and counts what is kept: the mailbox takes nothing more.</summary>
    public void DropKept(string reason)
    {
        lock (_lock)
        {
            if (_kept.Count == 0) return;
            foreach (var batch in _kept) Drop(reason, batch);
            _kept.Clear();
            Waiting.Clear();
            Blocked?.Invoke(false);
            _empty?.TrySetResult();
        }
    }

    /// <summary>Counts messages as offered and dropped before they reach the mailbox.</summary>
    public void Refuse(string reason, int count)
    {
        Offered.Add(count);
        Target.Counts.In.Add(count);
        Count(reason, count);
    }

    /// <summary>The same for messages that somebody may want to see.</summary>
    public void Refuse(string reason, MessageBatch batch)
    {
        Offered.Add(batch.Count);
        Target.Counts.In.Add(batch.Count);
        Drop(reason, batch);
    }

    /// <summary>Counts messages that never got further than this edge, and tells whoever waits for word of them.</summary>
    public void Drop(string reason, MessageBatch batch)
    {
        Count(reason, batch.Count);
        Target.Counts.Tap.Saw(TapSide.Dropped, batch, From, reason);

        // Only a node that stops, or stands by, has not tried: given back for any other reason, a message would come again at once, and be dropped again.
        batch.Settle(reason is DropReasons.Shutdown or DropReasons.Standby ? Fate.Returned : Fate.Failed, reason);
    }

    /// <summary>
    /// Whether messages come from outside and the node has no memory for them; then <see cref="SendKept"/> is called when it may have, or
    /// when these are the last, which take no more memory inside than outside.
    /// </summary>
    private bool StaysOutside()
    {
        var memory = Target.Counts.Memory;
        if (From.Length > 0 || !memory.IsFull || !Target.CallWhenTaken(SendKept)) return false;
        memory.CallWhenRoom(SendKept);
        return true;
    }

    private void Count(string reason, int count)
    {
        // Messages that came over an edge that is no more may still wait.
        (_heir ?? this).Dropped.Add(reason, count);
        Target.Counts.Dropped.Add(reason, count);
    }
}

/// <summary>What a mailbox hands to its actor: messages and the edge they came over.</summary>
internal sealed record Delivery(Edge Edge, MessageBatch Batch)
{
    public Delivery Skip(int count) => this with { Batch = Batch.Skip(count) };
}
