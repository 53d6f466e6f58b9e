using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Akka.Event;
using MessageRouter.Ledger;

namespace MessageRouter.Mailboxes;

/// <summary>
/// A component's mailbox. Messages wait in a data lane that is bounded in messages and in bytes; everything else that an actor is
/// sent (system messages aside: PoisonPill, Terminated, timers, replies) has a lane of its own that is never dropped
/// and goes first. The mailbox outlives restarts of its actor.
/// </summary>
/// <remarks>
/// Akka's own mailboxes are unbounded or block the sender. This one answers at once: <see cref="Offer"/> says what it
/// had no room for, so that the edge can keep it.
/// <para>Where another component takes the place of its own, it hands everything over: what waits, and what is still offered or given back.</para>
/// </remarks>
/// <param name="capacity">Messages that have room.</param>
/// <param name="maxBytes">Bytes that have room; one message has room in an empty mailbox, however large it is.</param>
/// <param name="counts">The counts of the component that the mailbox belongs to.</param>
internal sealed class BoundedMailbox(int capacity, long maxBytes, ComponentCounts counts) : IMessageQueue
{
    private readonly ConcurrentQueue<Envelope> _control = new();
    private readonly Lock _lock = new();
    private readonly DataLane _data = new(capacity, maxBytes, counts.Memory);
    private readonly HashSet<Action> _wantRoom = [];
    private volatile IActorRef _owner = ActorRefs.Nobody;
    private PauseReasons _paused;
    private bool _isCompleting;
    private bool _completed;
    private bool _completionDelivered;
    private bool _closed;
    private BoundedMailbox? _successor;

    public int Capacity => _data.Capacity;

    public long MaxBytes
    {
        get => _data.MaxBytes;
        set => _data.MaxBytes = value;
    }

    /// <summary>The counts of the component that the mailbox belongs to.</summary>
    public ComponentCounts Counts { get; } = counts;

    /// <summary>The reason under which messages are counted that are left when the actor stops.</summary>
    public string ReasonWhenClosed { get; set; } = DropReasons.Stopped;

    /// <summary>Why what it has no room for is dropped, where its component knows more than that it is full.</summary>
    public string? ReasonWhenFull { get; set; }

    /// <summary>Called once the actor has stopped for good and what was left is counted.</summary>
    public Action? Closed { get; set; }

    /// <summary>Whether what is left when the actor stops stays here for somebody else to take, rather than being dropped.</summary>
    public bool OutlivesActor { get; set; }

    /// <summary>Whether neither a message waits for the actor nor the word that it was the last.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _data.IsEmpty && (!_completed || _completionDelivered);
        }
    }

    /// <summary>The number of messages in the data lane.</summary>
    public int Queued => _data.Count;

    /// <summary>The bytes of these messages.</summary>
    public long Bytes => _data.Bytes;

    /// <summary>Why messages are held back from the actor.</summary>
    public PauseReasons Paused
    {
        get
        {
            lock (_lock) return _paused;
        }
    }

    public bool HasMessages
    {
        get
        {
            if (!_control.IsEmpty) return true;
            lock (_lock) return HasData;
        }
    }

    /// <summary>The number of messages and control messages, for Akka's own statistics.</summary>
    public int Count => Queued + _control.Count;

    private bool HasData => !_data.IsEmpty ? _paused == PauseReasons.None : MayEnd;

    /// <summary>
    /// A component that is busy takes no message, but it may hear that there are no more; and one that waits for its restart
    /// has nothing left to wait for.
    /// </summary>
    private bool MayEnd => _completed && !_completionDelivered && (_paused & ~(PauseReasons.Busy | PauseReasons.Backoff)) == PauseReasons.None;

    /// <summary>The actor that is woken when messages arrive.</summary>
    public void Attach(IActorRef owner) => _owner = owner;

    /// <summary>
    /// Takes as many messages as there is room for; by the edge's policy the rest is dropped and counted, or left to
    /// the edge, which is told by <see cref="Edge.SendKept"/> when there is room again. Callable from any thread.
    /// </summary>
    /// <returns>The messages left to the edge; null where none are.</returns>
    public MessageBatch? Offer(Edge edge, MessageBatch batch, Overflow overflow)
    {
        MessageBatch? left = null;
        bool wake;
        BoundedMailbox? successor;
        lock (_lock)
        {
            successor = _successor;
            if (successor is null) wake = Take(edge, batch, overflow, out left);
            else wake = false;
        }
        if (successor is not null) return successor.Offer(edge, batch, overflow);
        if (wake) Wake();
        return left;
    }

    /// <summary>Puts messages that were taken but not dealt with back in front of all others: the component does not hold them any more.</summary>
    public void Return(IEnumerable<Delivery> deliveries)
    {
        BoundedMailbox? successor;
        lock (_lock)
        {
            // A new instance has to learn anew that these are the last.
            if (!_closed) _completionDelivered = false;
            successor = _successor;
            foreach (var delivery in successor is null ? deliveries.Reverse() : [])
            {
                if (delivery.Batch.Count == 0) continue;
                Counts.Held.Remove(delivery.Batch);
                if (_closed) Lose(delivery);
                else _data.AddFirst(delivery);
            }
        }
        successor?.Return(deliveries);
        Wake();
    }

    /// <summary>
    /// Hands over what waits, in order, and from now on whatever is offered or given back. The actor may hear that there are no more
    /// (<see cref="Complete"/>), and gets nothing else. Both belong to components that share their counts.
    /// </summary>
    public void HandOver(BoundedMailbox successor)
    {
        Action[] wantRoom;
        lock (_lock)
        {
            _successor = successor;
            successor.TakeOver(_data.TakeAll());
            wantRoom = TakeWantRoom();
        }

        // Those that wait for room here wait there from now on.
        foreach (var act in wantRoom) act();
    }

    /// <summary>Changes how much has room. What waits stays, however much it is.</summary>
    public void Resize(int newCapacity, long newMaxBytes)
    {
        Action[] haveRoom;
        lock (_lock)
        {
            (_data.Capacity, _data.MaxBytes) = (newCapacity, newMaxBytes);
            haveRoom = TakeWantRoom();
        }
        foreach (var act in haveRoom) act();
    }

    private void TakeOver(IReadOnlyList<Delivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in deliveries)
            {
                if (_closed) Lose(delivery);
                else _data.Add(delivery);
            }
        }
        Wake();
    }

    /// <returns>Whether the actor is to be woken.</returns>
    private bool Take(Edge edge, MessageBatch batch, Overflow overflow, out MessageBatch? left)
    {
        left = null;
        if (_closed || _completionDelivered)
        {
            edge.Drop(ReasonWhenClosed, batch);
            return false;
        }

        var fitting = overflow == Overflow.DropOldest ? _data.MakeRoomForNewest(batch, ReasonWhenFull ?? DropReasons.Evicted) : _data.RoomFor(batch);
        if (fitting < batch.Count)
        {
            switch (overflow)
            {
                case Overflow.DropNewest:
                    edge.Drop(ReasonWhenFull ?? DropReasons.MailboxFull, batch.Skip(fitting));
                    batch = batch.Slice(0, fitting).Compacted();
                    break;
                case Overflow.DropOldest:
                    edge.Drop(ReasonWhenFull ?? DropReasons.Evicted, batch.Slice(0, batch.Count - fitting));
                    batch = batch.Skip(batch.Count - fitting).Compacted();
                    break;
                default:
                    left = batch.Skip(fitting);
                    batch = batch.Slice(0, fitting);
                    _wantRoom.Add(edge.SendKept);
                    break;
            }
        }

        var wake = !HasData;
        if (fitting > 0) _data.Add(new Delivery(edge, batch));
        return wake && HasData;
    }

    /// <summary>How many of the first messages of a batch there is room for. It only grows as long as the caller alone adds messages.</summary>
    public int RoomFor(MessageBatch batch) => _data.RoomFor(batch);

    /// <summary>Adds messages that came into another mailbox first, whether there is room or not; they stay those of the edge that they came over.</summary>
    public void Put(Delivery delivery)
    {
        bool wake;
        lock (_lock)
        {
            wake = !HasData;
            Counts.In.Add(delivery.Batch.Count);
            if (_closed)
            {
                Lose(delivery);
                return;
            }
            _completionDelivered = false;
            _data.Add(delivery);
            wake &= HasData;
        }
        if (wake) Wake();
    }

    /// <summary>Takes out everything that waits.</summary>
    public IReadOnlyList<Delivery> TakeAll()
    {
        IReadOnlyList<Delivery> all;
        Action[] haveRoom;
        lock (_lock)
        {
            all = _data.TakeAll();
            haveRoom = TakeWantRoom();
        }
        foreach (var act in haveRoom) act();
        return all;
    }

    /// <summary>Calls, once and on any thread, when the mailbox is half empty after the next messages were taken, or when it closes.</summary>
    /// <returns>False where it has closed, or is about to take what is the last.</returns>
    public bool CallWhenTaken(Action act)
    {
        lock (_lock)
        {
            if (_closed || _isCompleting || _successor is not null) return false;
            _wantRoom.Add(act);
            return true;
        }
    }

    /// <summary>Calls, once and on any thread, when the mailbox is half empty after the next messages were taken; at once where it is empty.</summary>
    public void CallWhenRoom(Action act)
    {
        lock (_lock)
        {
            // What finds no room may be larger than half of it.
            if (!_closed && Queued > 0 && _successor is null)
            {
                _wantRoom.Add(act);
                return;
            }
        }
        act();
    }

    /// <summary>Gets ready for another actor after one has stopped.</summary>
    public void Renew()
    {
        lock (_lock)
        {
            _isCompleting = _completed = _completionDelivered = false;

            // Its edges may still keep messages.
            _paused &= PauseReasons.Downstream;
        }
    }

    /// <summary>Says that no more messages will be offered: the actor is told <see cref="EndOfMessages"/> after the last one.</summary>
    public void Complete()
    {
        // Who keeps messages back for another reason than this mailbox's room hands them in first.
        Action[] last;
        lock (_lock)
        {
            _isCompleting = true;
            last = TakeWantRoom();
        }
        foreach (var act in last) act();
        lock (_lock) _completed = true;
        Wake();
    }

    /// <summary>Holds messages back from the actor until the same reason is taken away again; control messages still pass.</summary>
    public void Pause(PauseReasons reason)
    {
        lock (_lock) _paused |= reason;
    }

    public void Resume(PauseReasons reason)
    {
        lock (_lock) _paused &= ~reason;
        Wake();
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        // The wake-up exists only to have the actor scheduled.
        if (envelope.Message is not WakeUp) _control.Enqueue(envelope);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        if (_control.TryDequeue(out envelope)) return true;

        Action[] haveRoom = [];
        lock (_lock)
        {
            if (!HasData) return false;
            if (_data.TryTakeFirst(out var first))
            {
                Counts.Held.Add(first.Batch);
                envelope = new Envelope(first, ActorRefs.NoSender);
                if (_wantRoom.Count > 0 && _data.IsHalfEmpty) haveRoom = TakeWantRoom();
            }
            else
            {
                _completionDelivered = true;
                envelope = new Envelope(EndOfMessages.Instance, ActorRefs.NoSender);
            }
        }
        foreach (var act in haveRoom) act();
        return true;
    }

    /// <summary>The actor has stopped for good: what is left is counted, and so is whatever is offered from now on.</summary>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        if (!OutlivesActor) Close();
        Closed?.Invoke();
        while (_control.TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }

    /// <summary>Drops and counts what waits, and whatever is offered from now on; the actor, if there is one, gets no more messages.</summary>
    public void Close()
    {
        Action[] haveRoom;
        lock (_lock)
        {
            _closed = true;
            foreach (var delivery in _data.TakeAll()) Lose(delivery);
            haveRoom = TakeWantRoom();
        }
        foreach (var act in haveRoom) act();
    }

    private void Lose(Delivery delivery)
    {
        delivery.Edge.Drop(ReasonWhenClosed, delivery.Batch);
        if (delivery.Edge.Target.Counts != Counts) Counts.LostForOthers.Add(ReasonWhenClosed, delivery.Batch.Count);
    }

    private void Wake() => _owner.Tell(WakeUp.Instance, ActorRefs.NoSender);

    private Action[] TakeWantRoom()
    {
        var all = _wantRoom.ToArray();
        _wantRoom.Clear();
        return all;
    }

    private sealed class WakeUp : IDeadLetterSuppression, INotInfluenceReceiveTimeout
    {
        public static readonly WakeUp Instance = new();
    }
}
