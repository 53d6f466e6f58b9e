using System.Threading.Channels;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.InteropTests.Support;

/// <summary>A socket of the product's own ZeroMQ engine in this process, and what its peers do.</summary>
internal sealed class EnginePeers : IPeerSink, IAsyncDisposable
{
    private readonly Channel<IPeer> connected = Channel.CreateUnbounded<IPeer>();
    private readonly Channel<(IPeer Peer, Message Message)> received = Channel.CreateUnbounded<(IPeer, Message)>();
    private readonly Channel<(IPeer Peer, PeerEnd End)> ended = Channel.CreateUnbounded<(IPeer, PeerEnd)>();
    private readonly ZmtpEngine engine = PeerSockets.Engine(NullLoggerFactory.Instance, TimeProvider.System);

    public EnginePeers(PeerSocketType socket, bool binds, int port, TimeSpan heartbeat = default, ZmtpSecurity? security = null)
    {
        Assert.True(ZmtpEndpoint.TryParse($"tcp://127.0.0.1:{port}", EndpointUse.Connect, out var endpoint, out _));
        engine.Open(
            new PeerSettings
            {
                Name = "test",
                Socket = socket,
                Bind = binds ? [endpoint] : [],
                Connect = binds ? [] : [endpoint],
                MaxMessageSize = 16 << 20,
                Linger = TimeSpan.FromSeconds(10),
                ReconnectMin = TimeSpan.FromMilliseconds(20),
                ReconnectMax = TimeSpan.FromMilliseconds(200),
                HeartbeatInterval = heartbeat,

                // A machine that is busy may be away for more than one of them.
                HeartbeatTimeout = heartbeat * 20,
                Security = security,
            },
            this);
    }

    public Task<IPeer> Next() => connected.Reader.ReadAsync().AsTask().WaitAsync(Peer.Patience);

    public Task<(IPeer Peer, Message Message)> Receives() => received.Reader.ReadAsync().AsTask().WaitAsync(Peer.Patience);

    public Task<(IPeer Peer, PeerEnd End)> Ends() => ended.Reader.ReadAsync().AsTask().WaitAsync(Peer.Patience);

    void IPeerSink.Connected(IPeer peer) => connected.Writer.TryWrite(peer);

    Task IPeerSink.Received(IPeer peer, ZmtpBatch batch)
    {
        foreach (var message in MessageBatch.Of(batch, MessageFormat.Bytes))
        {
            received.Writer.TryWrite((peer, message));
        }
        return Task.CompletedTask;
    }

    void IPeerSink.Written(IPeer peer, int count)
    {
    }

    void IPeerSink.Disconnected(IPeer peer, PeerEnd end) => ended.Writer.TryWrite((peer, end));

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
