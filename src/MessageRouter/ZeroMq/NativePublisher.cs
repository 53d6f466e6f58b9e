using MessageRouter.Ledger;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>
/// A PUB socket of the router's own engine: gives each message to every peer that subscribes to it. A peer that has as
/// many messages unwritten as the high-water mark allows misses what comes then, which the log says.
/// </summary>
internal sealed class NativePublisher : IZeroMqSender, IPeerSink
{
    /// <summary>The longest frame that a peer may send here: a subscription.</summary>
    private const int MaxSubscription = 4 << 10;

    private readonly SenderSettings _settings;
    private readonly ISenderSink _sink;
    private readonly IPeerSocket _socket;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPeer, Subscriber> _subscribers = [];

    /// <summary>What is held for the first subscriber; null when nothing is held any more.</summary>
    private Queue<MessageBatch>? _held = [];

    private bool _closed;

    public NativePublisher(IPeerEngine engine, SenderSettings settings, ISenderSink sink)
    {
        _settings = settings;
        _sink = sink;
        lock (_lock) _socket = engine.Open(ZeroMqEngine.PeerSettings(settings, PeerSocketType.Pub, MaxSubscription), this);
    }

    public IReadOnlyList<string> Endpoints => _socket.Endpoints;

    public void Send(MessageBatch batch)
    {
        lock (_lock)
        {
            if (_closed) return;
            if (_held is not null) _held.Enqueue(batch);
            else Publish(batch);
        }
    }

    public void StopHolding()
    {
        lock (_lock)
        {
            if (_closed || _held is not { } held) return;
            _held = null;
            foreach (var batch in held) Publish(batch);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            _held = null;
        }
        _ = _socket.CloseAsync();
    }

    void IPeerSink.Connected(IPeer peer)
    {
        _sink.PeerChanged(new PeerChange(peer.Name, Connected: true));
        lock (_lock) _subscribers.Add(peer, new Subscriber(peer));
    }

    Task IPeerSink.Received(IPeer peer, MessageBatch batch)
    {
        bool any;
        lock (_lock)
        {
            var subscriptions = _subscribers[peer].Subscriptions;
            foreach (var message in batch.Messages)
            {
                var frame = message.FirstFrame.Span;
                if (frame.IsEmpty) continue;
                if (frame[0] == 1) subscriptions.Add(frame[1..]);
                else if (frame[0] == 0) subscriptions.Remove(frame[1..]);
            }
            any = subscriptions.Any;
        }
        if (any) StopHolding();
        return Task.CompletedTask;
    }

    void IPeerSink.Written(IPeer peer, int count)
    {
        lock (_lock) _subscribers[peer].Unwritten -= count;
    }

    void IPeerSink.Disconnected(IPeer peer, PeerEnd end)
    {
        Subscriber? subscriber;
        lock (_lock) _subscribers.Remove(peer, out subscriber);
        _sink.PeerChanged(PeerChange.Ended(peer.Name, end.Reason, subscriber!.Unwritten));
    }

    private void Publish(MessageBatch batch)
    {
        var outcomes = new OutcomeRun(_sink);
        if (_subscribers.Count > 0 && _subscribers.Values.All(subscriber => subscriber.Subscriptions.MatchesAll) && AllFit(batch))
        {
            for (var i = 0; i < batch.Count; i++) outcomes.Add(null);
            foreach (var subscriber in _subscribers.Values) Give(subscriber, batch);
        }
        else
        {
            foreach (var message in batch.Messages) outcomes.Add(Gather(message));
            foreach (var subscriber in _subscribers.Values.Where(subscriber => subscriber.Gathered.Count > 0))
            {
                Give(subscriber, new MessageBatch([.. subscriber.Gathered], subscriber.Gathered.Count));
                subscriber.Gathered.Clear();
            }
        }
        outcomes.Report();
    }

    /// <returns>Why the message goes to nobody; null where it goes to somebody.</returns>
    private string? Gather(Message message)
    {
        if (!Fits(message)) return DropReasons.TooLarge;
        var wanted = false;
        foreach (var subscriber in _subscribers.Values)
        {
            if (!subscriber.Subscriptions.Matches(message.FirstFrame.Span)) continue;
            subscriber.Gathered.Add(message);
            wanted = true;
        }
        return wanted ? null : DropReasons.NoSubscriber;
    }

    private void Give(Subscriber subscriber, MessageBatch batch)
    {
        var room = _settings.HighWaterMark == 0 ? int.MaxValue : Math.Max(0, _settings.HighWaterMark - subscriber.Unwritten);
        var given = Math.Min(room, batch.Count);
        if (given < batch.Count) _sink.TooSlow(subscriber.Peer.Name, batch.Count - given);
        if (given == 0) return;
        subscriber.Unwritten += given;
        subscriber.Peer.Send(batch.Slice(0, given).Trimmed());
    }

    private bool Fits(Message message) => message.Size <= _settings.MaxMessageSize;

    private bool AllFit(MessageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.SizeAt(i) > _settings.MaxMessageSize) return false;
        }
        return true;
    }

    private sealed class Subscriber(IPeer peer)
    {
        public IPeer Peer { get; } = peer;

        public Subscriptions Subscriptions { get; } = new();

        public int Unwritten { get; set; }

        /// <summary>Messages that it is given together.</summary>
        public List<Message> Gathered { get; } = [];
    }
}
