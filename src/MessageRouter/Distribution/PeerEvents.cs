using Akka.Actor;
using MessageRouter.Mailboxes;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>
/// Collects what happens on a socket's connections and tells the actor once, however much there is. What peers say is bounded: while the actor has not taken up so much of it, they are not read.
/// </summary>
internal sealed class PeerEvents(IActorRef actor) : IPeerSink
{
    /// <summary>Bytes that peers may have said before they are not read on; each may have one batch beyond that.</summary>
    internal const long MostWaiting = 1 << 20;

    /// <summary>Events from which on those are left out that are of peers that came and went.</summary>
    internal const int MostOfNobody = 1000;

    private readonly object _gate = new();
    private List<PeerEvent> _events = [];
    private readonly HashSet<IPeer> _new = [];
    private long _waiting;
    private TaskCompletionSource? _taken;

    public void Connected(IPeer peer)
    {
        lock (_gate)
        {
            _new.Add(peer);
            Add(new PeerEvent.Connected(peer));
        }
    }

    public Task Received(IPeer peer, ZmtpBatch messages)
    {
        var batch = MessageBatch.Of(messages, MessageFormat.Bytes);
        lock (_gate)
        {
            _waiting += batch.Bytes + NodeMemory.Overhead * batch.Count;
            Add(new PeerEvent.Received(peer, batch));
            return _waiting <= MostWaiting ? Task.CompletedTask : (_taken ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Written(IPeer peer, int count) => Add(new PeerEvent.Written(peer, count));

    /// <remarks>Where peers come and go faster than the actor can hear of it, nothing is left of those that it has never heard of: nobody has given them anything.</remarks>
    public void Disconnected(IPeer peer, PeerEnd end)
    {
        lock (_gate)
        {
            if (_new.Remove(peer) && _events.Count >= MostOfNobody) _events.RemoveAll(happened => happened.Peer == peer);
            else Add(new PeerEvent.Disconnected(peer, end));
        }
    }

    /// <summary>Deals with what has happened up to now, in order. Where that throws, what is behind stays, and the actor is told of it again.</summary>
    public void Apply(Action<PeerEvent> apply)
    {
        List<PeerEvent> taken;
        TaskCompletionSource? room;
        lock (_gate)
        {
            (taken, _events) = (_events, []);
            (room, _taken) = (_taken, null);
            _waiting = 0;
            _new.Clear();
        }
        room?.TrySetResult();
        var applied = 0;
        try
        {
            while (applied < taken.Count) apply(taken[applied++]);
        }
        finally
        {
            if (applied < taken.Count) PutBack(taken.GetRange(applied, taken.Count - applied));
        }
    }

    /// <summary>Waits, on the calling thread, until all of these are known to be gone.</summary>
    /// <returns>False where that took longer than the limit.</returns>
    public bool AwaitEnds(IReadOnlyCollection<IPeer> peers, TimeSpan limit)
    {
        var begun = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            while (peers.Any(peer => !_events.Any(happened => happened is PeerEvent.Disconnected && happened.Peer == peer)))
            {
                var left = limit - TimeProvider.System.GetElapsedTime(begun);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left)) return false;
            }
        }
        return true;
    }

    private void Add(PeerEvent happened)
    {
        bool first;
        lock (_gate)
        {
            first = _events.Count == 0;
            _events.Add(happened);
            Monitor.PulseAll(_gate);
        }
        if (first) actor.Tell(new Happened(this));
    }

    private void PutBack(List<PeerEvent> events)
    {
        lock (_gate) _events.InsertRange(0, events);
        actor.Tell(new Happened(this));
    }

    /// <summary>Told to the actor: there are events to take.</summary>
    internal sealed record Happened(PeerEvents Events) : Akka.Event.IDeadLetterSuppression;
}
