using MessageRouter.Links;
using MessageRouter.Monitoring;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>A SUB or PULL socket of the router's own engine.</summary>
internal sealed class NativeReceiver : IZeroMqReceiver, IPeerSink
{
    private readonly ReceiverSettings _settings;
    private readonly IReceiverSink _sink;
    private readonly IPeerSocket _socket;
    private readonly LossListener? _losses;

    /// <summary>What was subscribed to; null where that is everything.</summary>
    private readonly Subscriptions? _subscriptions;

    private readonly MessagePeers _peers = new();
    private readonly Occasion _room = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _handedIn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Changed under the lock.
    private int _atTheDoor;
    private volatile bool _closing;

    public NativeReceiver(IPeerEngine engine, ReceiverSettings settings, IReceiverSink sink)
    {
        _settings = settings;
        _sink = sink;
        if (settings.Socket == ReceiverSocket.Sub && settings.Subscriptions.All(prefix => prefix.Length > 0))
        {
            _subscriptions = new Subscriptions();
            foreach (var prefix in settings.Subscriptions) _subscriptions.Add(prefix);
        }
        var peers = PeerSettings(settings);
        if (settings.Links is { } links)
        {
            _losses = new LossListener(links);
            peers = peers with { Metadata = [.. peers.Metadata, .. (links.End with { Subscriptions = settings.Subscriptions.Count }).Properties()] };
        }
        _socket = engine.OpenFor(peers, this);
    }

    public IReadOnlyList<string> Endpoints => _socket.Endpoints;

    public Func<IReadOnlyList<ConnectionLine>> Connections => ConnectionLines.Of(_socket);

    public void Change(SocketSettings settings) => _socket.ChangeFor(PeerSettings(settings));

    public void Resume() => _room.Come();

    /// <remarks>What has come counts as received by those who sent it: it waits for room no longer.</remarks>
    public async Task CloseAsync()
    {
        lock (_lock) _closing = true;
        Resume();
        await _socket.CloseAsync();
        lock (_lock)
        {
            if (_atTheDoor == 0) _handedIn.TrySetResult();
        }
        await _handedIn.Task;
    }

    void IPeerSink.Connected(IPeer peer)
    {
        _losses?.Connected(peer);
        _sink.PeerChanged(new PeerChange(peer.Name, Connected: true));
        if (_settings.Subscriptions.Count > 0) peer.Send(MessageBatch.Of(_settings.Subscriptions.Select(prefix => Message.FromBytes((byte[])[1, .. prefix]))));
    }

    Task IPeerSink.Received(IPeer peer, ZmtpBatch received)
    {
        _losses?.Received(peer, received.Count);
        var batch = MessageBatch.Of(received, _sink.Format, _peers.Of(peer));
        if (_subscriptions is null) return TakeAsync(batch);
        var wanted = Wanted(batch, _subscriptions);
        if (wanted.Count < batch.Count) _losses?.NotWanted(peer, batch.Count - wanted.Count);
        return TakeAsync(wanted);
    }

    void IPeerSink.Commanded(IPeer peer, ReadOnlySpan<byte> body) => _losses?.Commanded(peer, body);

    /// <remarks>Where others have filled the node already, a peer keeps its messages until there is room: however many peers come, they add nothing.</remarks>
    private async Task TakeAsync(MessageBatch batch)
    {
        lock (_lock) _atTheDoor++;
        while (true)
        {
            var room = _room.Next();
            if (!_sink.IsFull || _closing) break;
            await room;
        }
        var next = _room.Next();
        var hasRoom = _sink.Take(batch);
        lock (_lock)
        {
            if (--_atTheDoor == 0 && _closing) _handedIn.TrySetResult();
        }
        if (!hasRoom) await next;
    }

    void IPeerSink.Dropped(IPeer peer, ZmtpBatch batch)
    {
        _losses?.Received(peer, batch.Count);
        _sink.OverRate(MessageBatch.Of(batch, _sink.Format, _peers.Of(peer)));
    }

    void IPeerSink.Written(IPeer peer, int count)
    {
    }

    void IPeerSink.Disconnected(IPeer peer, PeerEnd end)
    {
        _peers.Forget(peer);
        _losses?.Disconnected(peer, hasLeft: _closing);
        if (end.TooLarge is { } size) _sink.TooLarge(size);
        if (end.NoRoom) _sink.NoRoom();
        _sink.PeerChanged(PeerChange.Ended(peer.Name, end));
    }

    private PeerSettings PeerSettings(SocketSettings settings) =>
        ZeroMqEngine.PeerSettings(settings, _settings.Socket == ReceiverSocket.Pull ? PeerSocketType.Pull : PeerSocketType.Sub, settings.MaxMessageSize);

    /// <summary>A publisher that is honest sends nothing else.</summary>
    private static MessageBatch Wanted(MessageBatch batch, Subscriptions subscriptions) =>
        batch.All(message => subscriptions.Matches(message.FirstFrame.Span)) ? batch : MessageBatch.Of(batch.Where(message => subscriptions.Matches(message.FirstFrame.Span))).Compacted();
}
