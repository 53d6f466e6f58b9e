using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>What a socket is to be. The defaults are those of a MessageRouter node. No duration may be longer than 24 days.</summary>
public sealed record ZmtpOptions
{
    /// <summary>Endpoints to listen on, such as <c>tcp://*:5222</c> or <c>tcp://[::1]:5222</c>; port 0 takes any free one, which <see cref="ZmtpSocket.Endpoints"/> names.</summary>
    public IReadOnlyList<string> Bind { get; init; } = [];

    /// <summary>Endpoints to connect to, such as <c>tcp://logs.example:5222</c>. Who connects may start first: it is tried until it succeeds, and again when a connection is lost.</summary>
    public IReadOnlyList<string> Connect { get; init; } = [];

    /// <summary>
    /// Messages that wait: of a sender those that one peer has been given and that have not left, of a receiver those that nobody has taken. A <see cref="PushSocket"/> has as many beside, once for all peers, for
    /// which none has room; what those who leave have not written comes to these, also beyond it. From 1; 10,000 where nothing is said. Whichever of this and <see cref="HighWaterBytes"/> is reached first counts.
    /// </summary>
    public int HighWaterMark { get; init; } = 10_000;

    /// <summary>
    /// The same in bytes, from 1; 64 MiB. One message fits always, however large it is. Messages of which only a part has come may take as much beside; a peer for whose message there is
    /// no room for 10 s is disconnected.
    /// </summary>
    public long HighWaterBytes { get; init; } = 64 << 20;

    /// <summary>The largest message that is received, all its frames together, in bytes: 1 to 2147483647; 16 MiB. A peer that sends a larger one is disconnected.</summary>
    public long MaxMessageSize { get; init; } = 16 << 20;

    /// <summary>How long disposing a socket waits, for what it was given to leave and then for its peers to hang up, both together: 0 or more; 1 s.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause before a lost connection is tried again, from 1 ms; 100 ms. It doubles with each try.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such pause; 5 s.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a peer is asked whether it is there: 0 for never; 10 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it may stay silent after that before the connection ends, from 1 ms; 30 s.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the peers may do.</summary>
    public ZmtpLimits Limits { get; init; } = ZmtpLimits.Default;

    /// <summary>How the socket and its peers prove to each other who they are, as <c>CurveSecurity</c> of the package MessageRouter.Curve; null for not at all.</summary>
    public ZmtpSecurity? Security { get; init; }

    /// <summary>The clock of pauses and heartbeats.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">One of the options is out of range, an endpoint is none, or one is there twice.</exception>
    internal PeerSettings Check(PeerSocketType type)
    {
        ArgumentNullException.ThrowIfNull(Bind);
        ArgumentNullException.ThrowIfNull(Connect);
        if (Bind.Count == 0 && Connect.Count == 0) throw new ArgumentException("A socket needs an endpoint: give Bind, as in tcp://*:5222, or Connect.", nameof(Bind));
        ArgumentOutOfRangeException.ThrowIfLessThan(HighWaterMark, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HighWaterBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxMessageSize, int.MaxValue);
        ZmtpDurations.Check(Linger, TimeSpan.Zero);
        ZmtpDurations.Check(ReconnectMin, TimeSpan.FromMilliseconds(1));
        ZmtpDurations.Check(ReconnectMax, ReconnectMin);
        ZmtpDurations.Check(HeartbeatInterval, TimeSpan.Zero);
        ZmtpDurations.Check(HeartbeatTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentNullException.ThrowIfNull(Limits);
        Limits.Check();
        if (Limits.OverRate == RateExcess.Drop && type is PeerSocketType.Push or PeerSocketType.Pub) throw new ArgumentException("Only what a socket receives can be dropped: leave OverRate out.", nameof(Limits));
        ArgumentNullException.ThrowIfNull(Clock);
        return new PeerSettings
        {
            Name = type.ToString(),
            Socket = type,
            Bind = ZmtpEndpoints.Parse(Bind, EndpointUse.Bind, nameof(Bind)),
            Connect = ZmtpEndpoints.Parse(Connect, EndpointUse.Connect, nameof(Connect)),
            MaxMessageSize = MaxMessageSize,
            Linger = Linger,
            ReconnectMin = ReconnectMin,
            ReconnectMax = ReconnectMax,
            Partial = new PartialMemory(HighWaterBytes),
            HeartbeatInterval = HeartbeatInterval,
            HeartbeatTimeout = HeartbeatTimeout,
            Security = Security,
            Limits = Limits,
        };
    }
}
