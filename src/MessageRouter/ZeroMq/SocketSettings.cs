using MessageRouter.Links;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.ZeroMq;

/// <summary>How a receiver gets its messages.</summary>
internal enum ReceiverSocket
{
    /// <summary>From publishers: what one subscribes to, and only while one listens.</summary>
    Sub,

    /// <summary>From pushers, each message to one of the pullers; they wait while nobody reads.</summary>
    Pull,
}

/// <summary>How a sender gives its messages away.</summary>
internal enum SenderSocket
{
    /// <summary>To every subscriber.</summary>
    Pub,

    /// <summary>Each message to one worker, in turn.</summary>
    Push,
}

/// <summary>What speaks ZeroMQ's protocol for a socket.</summary>
internal enum WireEngine
{
    /// <summary>The router's own: ZMTP 3 over TCP, with limits on everything that a peer may do.</summary>
    Native,

    /// <summary>NetMQ, which also speaks the older versions of the protocol.</summary>
    Netmq,
}

/// <summary>What every engine needs to know to open a socket. The values have been checked.</summary>
internal abstract record SocketSettings
{
    /// <summary>The component's name, for logs and thread-safe naming.</summary>
    public required string Name { get; init; }

    public IReadOnlyList<ZmtpEndpoint> Bind { get; init; } = [];

    public IReadOnlyList<ZmtpEndpoint> Connect { get; init; } = [];

    public WireEngine Engine { get; init; }

    /// <summary>Messages per peer; 0 for no limit.</summary>
    public int HighWaterMark { get; init; }

    /// <summary>The largest message, all its frames together, in bytes.</summary>
    public long MaxMessageSize { get; init; }

    /// <summary>How long a closed socket may still send what it was given.</summary>
    public TimeSpan Linger { get; init; }

    public TimeSpan ReconnectMin { get; init; }

    public TimeSpan ReconnectMax { get; init; }

    /// <summary>How the two ends prove who they are; null for not at all.</summary>
    public ZmtpSecurity? Security { get; init; }

    /// <summary>Zero for no heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; init; }

    public TimeSpan HeartbeatTimeout { get; init; }

    /// <summary>What its peers may do. Only of the native engine.</summary>
    public ZmtpLimits Limits { get; init; } = ZmtpLimits.Default;

    /// <summary>Counts those that were refused. Only of the native engine.</summary>
    public RefusalCounts Refused { get; init; } = new();

    /// <inheritdoc cref="PeerSettings.Metadata"/>
    /// <remarks>Only of the native engine.</remarks>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Metadata { get; init; } = [];

    /// <inheritdoc cref="PeerSettings.Inspect"/>
    /// <remarks>Only of the native engine.</remarks>
    public Action<PeerMetadata> Inspect { get; init; } = _ => { };

    /// <summary>The same for a socket of the native engine, whose high-water mark is the matter of who sends.</summary>
    public PeerSettings ForPeers(PeerSocketType socket, long maxMessageSize) => new()
    {
        Name = Name,
        Socket = socket,
        Bind = Bind,
        Connect = Connect,
        MaxMessageSize = maxMessageSize,
        Security = Security,
        Linger = Linger,
        ReconnectMin = ReconnectMin,
        ReconnectMax = ReconnectMax,
        HeartbeatInterval = HeartbeatInterval,
        HeartbeatTimeout = HeartbeatTimeout,
        Limits = Limits,
        Refused = Refused,
        Metadata = Metadata,
        Inspect = Inspect,
    };
}

/// <summary>What a receiver is to be.</summary>
internal sealed record ReceiverSettings : SocketSettings
{
    public ReceiverSocket Socket { get; init; }

    /// <summary>Whether it is not read while the sink is full.</summary>
    public bool Pauses { get; init; }

    /// <summary>What the component says of itself to peers, and notes down of what they say; null where it does not.</summary>
    public ComponentLinks? Links { get; init; }

    /// <summary>The prefixes that a SUB socket subscribes to, as bytes.</summary>
    public IReadOnlyList<byte[]> Subscriptions { get; init; } = [];
}

/// <summary>What a sender is to be.</summary>
internal sealed record SenderSettings : SocketSettings
{
    public SenderSocket Socket { get; init; }
}
