using System.Net;
using System.Runtime.CompilerServices;

namespace MessageRouter.Zmtp.Limits;

/// <summary>
/// What the peers of a socket may do: whoever reaches a port is a stranger. What breaks a limit is refused, or ended, by itself; the others notice nothing of it. Addresses are those of
/// TCP: a Unix domain socket has none, and an IPv6 address counts together with all others of its /64 network, as one machine has as many as it likes there.
/// </summary>
public sealed record ZmtpLimits
{
    /// <summary>The limits where nothing is said.</summary>
    public static ZmtpLimits Default { get; } = new();

    /// <summary>Accepted connections in all; who comes when there are as many is refused: 1 to 65,000; 10,000.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Accepted connections from one address: from 1; 2,000.</summary>
    public int ConnectionsPerAddress { get; init; } = 2_000;

    /// <summary>New connections a second from one address, of five times as many at once: from 1; 200. Others are refused before anything is kept of them.</summary>
    public int ConnectionsPerSecond { get; init; } = 200;

    /// <summary>Accepted connections at a time that have not introduced themselves: from 1; 1,000. When there are more, the oldest one of the address that has the most of them ends.</summary>
    public int Handshakes { get; init; } = 1_000;

    /// <summary>How long a peer may take to introduce itself: 1 ms to 24 days; 3 s.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Frames of one message: from 1; 1,000.</summary>
    public int Frames { get; init; } = ZmtpMessage.MostFrames;

    /// <summary>How long one message may take from its first byte to its last, while it is read: 1 ms to 24 days; 5 minutes.</summary>
    public TimeSpan MessageTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Messages a second from one peer, subscriptions included: from 1; null, the default, for no limit. As many as of one second may come at once.</summary>
    public int? MessagesPerSecond { get; init; }

    /// <summary>Bytes a second from one peer, under the same conditions.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>What becomes of messages that are more than that.</summary>
    public RateExcess OverRate { get; init; }

    /// <summary>Of a publisher: subscriptions of one peer: from 1; 10,000.</summary>
    public int Subscriptions { get; init; } = 10_000;

    /// <summary>Bytes that they take, 360 for each beside its prefix: from 1; 4 MiB.</summary>
    public long SubscriptionBytes { get; init; } = 4 << 20;

    /// <summary>Bytes that those of all peers take together, and of those that are away: from 1; 64 MiB. When it is more, of the address whose peers have the most together the one that has the most ends.</summary>
    public long AllSubscriptionBytes { get; init; } = 64 << 20;

    /// <summary>Networks from which connections are taken; none for all.</summary>
    public IReadOnlyList<IPNetwork> AllowFrom { get; init; } = [];

    /// <summary>Networks from which none are, also where they are part of one in <see cref="AllowFrom"/>.</summary>
    public IReadOnlyList<IPNetwork> DenyFrom { get; init; } = [];

    /// <exception cref="ArgumentException">One of them is out of range.</exception>
    internal void Check()
    {
        Between(Connections, 1, MostConnections);
        Between(ConnectionsPerAddress, 1, int.MaxValue);
        Between(ConnectionsPerSecond, 1, int.MaxValue);
        Between(Handshakes, 1, int.MaxValue);
        ZmtpDurations.Check(HandshakeTime, TimeSpan.FromMilliseconds(1));
        Between(Frames, 1, int.MaxValue);
        ZmtpDurations.Check(MessageTime, TimeSpan.FromMilliseconds(1));
        Between(MessagesPerSecond ?? 1, 1, int.MaxValue, nameof(MessagesPerSecond));
        Between(BytesPerSecond ?? 1, 1, long.MaxValue, nameof(BytesPerSecond));
        Between(Subscriptions, 1, int.MaxValue);
        Between(SubscriptionBytes, 1, long.MaxValue);
        Between(AllSubscriptionBytes, 1, long.MaxValue);
        Networks(AllowFrom);
        Networks(DenyFrom);
    }

    /// <summary>A publisher counts in 16 bits how many of its subscribers a message is still for.</summary>
    internal const int MostConnections = 65_000;

    private static void Between(long value, long least, long most, [CallerArgumentExpression(nameof(value))] string? option = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, option);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, option);
    }

    private static void Networks(IReadOnlyList<IPNetwork> networks, [CallerArgumentExpression(nameof(networks))] string? option = null)
    {
        ArgumentNullException.ThrowIfNull(networks, option);
        foreach (var network in networks)
        {
            if (NetworkText.Problem(network) is { } problem) throw new ArgumentException($"\"{network}\" {problem}.", option);
        }
    }
}

/// <summary>What becomes of messages of a peer that sends more than it may.</summary>
public enum RateExcess
{
    /// <summary>They wait: the peer is not read from until its time has come, so that a pusher waits and a publisher drops.</summary>
    Wait,

    /// <summary>They are dropped and counted. Only of sockets that receive.</summary>
    Drop,
}
