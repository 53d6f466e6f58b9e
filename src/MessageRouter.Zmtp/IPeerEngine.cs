using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// Speaks ZeroMQ's protocol with each peer by itself: what is sent to one, what has left, and when it is gone.
/// </summary>
internal interface IPeerEngine
{
    /// <summary>Opens a socket. It may tell the sink of peers before this returns.</summary>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound, or is none that can be connected to.</exception>
    IPeerSocket Open(PeerSettings settings, IPeerSink sink);

    /// <summary>Keeps endpoints open, from one socket that closes to the next that binds them, until it is disposed of; what nobody listens on yet is bound.</summary>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound; nothing was.</exception>
    IDisposable? KeepListening(IEnumerable<ZmtpEndpoint> endpoints) => null;
}

/// <summary>What kind of peer one is to those at the other end.</summary>
internal enum PeerSocketType
{
    /// <summary>Sends to PULL sockets and receives nothing.</summary>
    Push,

    /// <summary>Talks with ROUTER sockets; no identity travels in the messages.</summary>
    Dealer,

    /// <summary>Talks with DEALER sockets; the peer itself is the address, no identity is put in front of messages.</summary>
    Router,

    /// <summary>Receives from PUSH sockets.</summary>
    Pull,

    /// <summary>Sends to SUB sockets, and receives what they subscribe to: a message with 1, or 0 to cancel, and the prefix.</summary>
    Pub,

    /// <summary>Receives from PUB sockets, to which it sends what it subscribes to.</summary>
    Sub,
}

/// <summary>What a socket is to be. The values have been checked. Whoever sends bounds what is on its way.</summary>
internal sealed record PeerSettings
{
    /// <summary>What the socket is called in what is said about it.</summary>
    public required string Name { get; init; }

    public PeerSocketType Socket { get; init; }

    public IReadOnlyList<ZmtpEndpoint> Bind { get; init; } = [];

    public IReadOnlyList<ZmtpEndpoint> Connect { get; init; } = [];

    /// <summary>The largest message, all its frames together, in bytes.</summary>
    public long MaxMessageSize { get; init; }

    /// <summary>What messages may take of which only a part has come; null for no limit but their sizes.</summary>
    public PartialMemory? Partial { get; init; }

    /// <summary>What its peers may do.</summary>
    public ZmtpLimits Limits { get; init; } = ZmtpLimits.Default;

    /// <summary>How often peers were refused or ended: of all sockets that the component has had.</summary>
    public RefusalCounts Refused { get; init; } = new();

    /// <summary>How the two ends prove who they are; null for not at all.</summary>
    public ZmtpSecurity? Security { get; init; }

    /// <summary>What peers are told in the handshake beside what ZMTP wants to be said.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Metadata { get; init; } = [];

    /// <summary>Looks at what a peer says of itself, before anything is taken of it or given to it; throws a <see cref="ZmtpException"/> where it is not to come in. Called on any thread; it must not wait.</summary>
    public Action<PeerMetadata> Inspect { get; init; } = _ => { };

    /// <summary>How long a closed socket may still send what it was given.</summary>
    public TimeSpan Linger { get; init; }

    public TimeSpan ReconnectMin { get; init; }

    public TimeSpan ReconnectMax { get; init; }

    /// <summary>Zero for no heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; init; }

    public TimeSpan HeartbeatTimeout { get; init; }
}

/// <summary>An open socket. Its methods may be called from any thread.</summary>
internal interface IPeerSocket
{
    /// <summary>The bound endpoints with their real ports, then the ones connected to.</summary>
    IReadOnlyList<string> Endpoints { get; }

    /// <summary>What it is to its peers.</summary>
    PeerSocketType Type { get; }

    /// <summary>The peers that have introduced themselves and whose connections have not ended.</summary>
    IReadOnlyList<IPeer> Peers { get; }

    /// <summary>
    /// Listens and connects elsewhere: endpoints that were there before stay as they are, with their peers; peers of those that are left get what was sent to
    /// them, for at most the linger time. And has other limits: a peer that comes from where connections are not taken any more ends, all others stay.
    /// </summary>
    /// <param name="next">Of these its endpoints and limits.</param>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    void Change(PeerSettings next) => throw new NotSupportedException("This socket stays as it is.");

    /// <summary>Stops, at once, to listen and to connect; the peers that are there stay.</summary>
    void TakeNoMorePeers();

    /// <summary>
    /// Takes no more peers, lets each one have what was sent to it, for at most the linger time, and ends its
    /// connection. When the task is done the sink has been told that every peer is gone and is called no more. Further
    /// calls share the first one's result. What is sent to a peer after this is not written.
    /// </summary>
    Task CloseAsync();
}
