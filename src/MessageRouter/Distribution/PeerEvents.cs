using Akka.Actor;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>Collects what happens on a socket's connections and tells the actor once, however much there is.</summary>
internal sealed class PeerEvents(IActorRef actor) : IPeerSink
{
    private readonly Lock _lock = new();
    private List<PeerEvent> _events = [];

    public void Connected(IPeer peer) => Add(new PeerEvent.Connected(peer));

    public Task Received(IPeer peer, MessageBatch messages)
    {
        Add(new PeerEvent.Received(peer, messages));
        return Task.CompletedTask;
    }

    public void Written(IPeer peer, int count) => Add(new PeerEvent.Written(peer, count));

    public void Disconnected(IPeer peer, PeerEnd end) => Add(new PeerEvent.Disconnected(peer, end));

    public IReadOnlyList<PeerEvent> Take()
    {
        lock (_lock)
        {
            var taken = _events;
            _events = [];
            return taken;
        }
    }

    private void Add(PeerEvent happened)
    {
        bool first;
        lock (_lock)
        {
            first = _events.Count == 0;
            _events.Add(happened);
        }
        if (first) actor.Tell(new Happened(this));
    }

    /// <summary>Told to the actor: there are events to take.</summary>
    internal sealed record Happened(PeerEvents Events) : Akka.Event.IDeadLetterSuppression;
}
