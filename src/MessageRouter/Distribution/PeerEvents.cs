using Akka.Actor;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>Collects what happens on a socket's connections and tells the actor once, however much there is.</summary>
internal sealed class PeerEvents(IActorRef actor) : IPeerSink
{
    private readonly object _gate = new();
    private List<PeerEvent> _events = [];

    public void Connected(IPeer peer) => Add(new PeerEvent.Connected(peer));

    public Task Received(IPeer peer, ZmtpBatch messages)
    {
        Add(new PeerEvent.Received(peer, MessageBatch.Of(messages, MessageFormat.Bytes)));
        return Task.CompletedTask;
    }

    public void Written(IPeer peer, int count) => Add(new PeerEvent.Written(peer, count));

    public void Disconnected(IPeer peer, PeerEnd end) => Add(new PeerEvent.Disconnected(peer, end));

    /// <summary>Deals with what has happened up to now, in order. Where that throws, what is behind stays, and the actor is told of it again.</summary>
    public void Apply(Action<PeerEvent> apply)
    {
        List<PeerEvent> taken;
        lock (_gate) (taken, _events) = (_events, []);
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
