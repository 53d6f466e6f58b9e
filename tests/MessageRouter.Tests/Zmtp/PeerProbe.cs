using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp;

/// <summary>A socket of the peer engine, on a clock of its own, that remembers what its peers did.</summary>
internal sealed class PeerProbe : IPeerSink, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Channel<IPeer> _connected = Channel.CreateUnbounded<IPeer>();
    private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
    private readonly ConcurrentDictionary<IPeer, Channel<Message>> _receivedBy = new();
    private readonly Channel<(IPeer Peer, PeerEnd End)> _ended = Channel.CreateUnbounded<(IPeer, PeerEnd)>();
    private readonly Dictionary<IPeer, int> _written = [];
    private readonly ILoggerFactory _loggers;
    private readonly ZmtpEngine _engine;
    private int _dropped;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PeerProbe(PeerSettings settings)
    {
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log));
        _engine = PeerSockets.Engine(_loggers, Clock);
        Settings = settings;
        Socket = _engine.Open(settings, this);
    }

    /// <summary>What it was opened with.</summary>
    public PeerSettings Settings { get; }

    public IPeerSocket Socket { get; }

    public FakeTimeProvider Clock { get; } = new();

    public RecordingLog Log { get; } = new();

    /// <summary>Runs when a peer has connected, before anything else happens to it.</summary>
    public Action<IPeer> OnConnected { get; set; } = _ => { };

    /// <summary>Done when the socket may be read on after what it has brought.</summary>
    public Task Room { get; set; } = Task.CompletedTask;

    /// <summary>How often peers were refused or ended for this reason.</summary>
    public long Refused(string refusal) => Settings.Refused[refusal];

    /// <summary>Messages that came and were to be dropped.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    public string Endpoint => Socket.Endpoints[0];

    public int Port => int.Parse(Endpoint.Split(':')[^1]);

    public IPEndPoint Address => new(IPAddress.Loopback, Port);

    public static PeerSettings Typical(PeerSocketType socket) => new()
    {
        Name = "outputs.probe",
        Socket = socket,
        MaxMessageSize = 16 << 20,
        Linger = TimeSpan.FromSeconds(1),
        ReconnectMin = TimeSpan.FromMilliseconds(100),
        ReconnectMax = TimeSpan.FromSeconds(5),
        HeartbeatTimeout = TimeSpan.FromSeconds(30),
    };

    public static PeerProbe Bound(PeerSocketType socket, Func<PeerSettings, PeerSettings>? change = null) =>
        New(socket, Zmq.AnyPort, EndpointUse.Bind, change);

    public static PeerProbe Connected(PeerSocketType socket, string endpoint, Func<PeerSettings, PeerSettings>? change = null) =>
        New(socket, endpoint, EndpointUse.Connect, change);

    public Task<IPeer> NextPeerAsync() => _connected.Reader.ReadAsync().AsTask().WaitAsync(TestNode.Patience);

    public Task<(IPeer Peer, PeerEnd End)> NextEndAsync() => _ended.Reader.ReadAsync().AsTask().WaitAsync(TestNode.Patience);

    public Task<Message> NextMessageAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TestNode.Patience);

    /// <summary>The next message of this peer, whatever the others send.</summary>
    public Task<Message> NextMessageAsync(IPeer peer) => By(peer).Reader.ReadAsync().AsTask().WaitAsync(TestNode.Patience);

    public bool HasMessage => _received.Reader.TryPeek(out _);

    public bool HasMessageOf(IPeer peer) => By(peer).Reader.TryPeek(out _);

    public int WrittenTo(IPeer peer)
    {
        lock (_lock) return _written.GetValueOrDefault(peer);
    }

    /// <summary>Waits until so many messages to the peer have been written.</summary>
    public async Task WrittenAsync(IPeer peer, int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_written.GetValueOrDefault(peer) >= count) return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(TestNode.Patience);
        }
    }

    void IPeerSink.Connected(IPeer peer)
    {
        OnConnected(peer);
        _connected.Writer.TryWrite(peer);
    }

    Task IPeerSink.Received(IPeer peer, ZmtpBatch batch)
    {
        foreach (var message in MessageBatch.Of(batch, MessageFormat.Bytes))
        {
            _received.Writer.TryWrite(message);
            By(peer).Writer.TryWrite(message);
        }
        return Room;
    }

    void IPeerSink.Dropped(IPeer peer, ZmtpBatch batch) => Interlocked.Add(ref _dropped, batch.Count);

    void IPeerSink.Written(IPeer peer, int count)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _written[peer] = _written.GetValueOrDefault(peer) + count;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        changed.SetResult();
    }

    void IPeerSink.Disconnected(IPeer peer, PeerEnd end) => _ended.Writer.TryWrite((peer, end));

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _loggers.Dispose();
    }

    private Channel<Message> By(IPeer peer) => _receivedBy.GetOrAdd(peer, _ => Channel.CreateUnbounded<Message>());

    private static PeerProbe New(PeerSocketType socket, string endpoint, EndpointUse use, Func<PeerSettings, PeerSettings>? change)
    {
        Assert.True(ZmtpEndpoint.TryParse(endpoint, use, out var parsed, out var problem), problem);
        var settings = Typical(socket);
        settings = use == EndpointUse.Bind ? settings with { Bind = [parsed] } : settings with { Connect = [parsed] };
        return new PeerProbe(change is null ? settings : change(settings));
    }
}
