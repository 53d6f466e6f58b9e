using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Client;

/// <summary>What gives way when a client has as many messages waiting as it may.</summary>
public enum ClientOverflow
{
    /// <summary>The message that is being sent.</summary>
    DropNewest,

    /// <summary>The messages that have waited longest.</summary>
    DropOldest,
}

/// <summary>How a client gives its messages away.</summary>
public enum ClientSocket
{
    /// <summary>Each message to one PULL socket, in turn; they wait while none is there.</summary>
    Push,

    /// <summary>To every SUB socket; they are dropped while none is there.</summary>
    Pub,
}

/// <summary>What a client is to be. No duration may be longer than 24 days.</summary>
public sealed record MessageClientOptions
{
    /// <summary>How messages are given away; PUSH where nothing is said. The node's input has the matching <c>socket-type</c>, <c>pull</c> or <c>sub</c>.</summary>
    public ClientSocket Socket { get; init; }

    /// <summary>More endpoints to connect to, such as <c>tcp://logs2:5224</c>: PUSH shares messages out among all, PUB sends them to all.</summary>
    public IReadOnlyList<string> MoreEndpoints { get; init; } = [];

    /// <summary>
    /// Messages that wait to be sent, from 1; 100,000. Whichever of this and <see cref="CapacityBytes"/> is reached first counts. What is on its way to the socket, up to 4,096 messages at a
    /// time, counts too and cannot give way any more: with <see cref="ClientOverflow.DropOldest"/> there is always room for one message beside it. While a peer is connected the
    /// socket has up to 2,048 messages, or 1 MiB, beside all that, which cannot give way either; with more peers half as much for each further one, or as much where it publishes. One message fits there always, however
    /// large.
    /// </summary>
    public int Capacity { get; init; } = 100_000;

    /// <summary>The same in bytes, from 1; 32 MiB.</summary>
    public long CapacityBytes { get; init; } = 32 << 20;

    /// <summary>What gives way then; the newest where nothing is said.</summary>
    public ClientOverflow Overflow { get; init; }

    /// <summary>The largest message in bytes, from 1; 1 MiB. A larger one is not sent, and counted.</summary>
    public int MaxMessageSize { get; init; } = 1 << 20;

    /// <summary>
    /// Whether the next message that is sent after a loss says how many were lost before it, in a field <c>dropped</c> at its beginning, so that
    /// whoever reads the messages knows. Only messages that are JSON objects without such a field can; true where nothing is said. With <see cref="ClientSocket.Pub"/> it goes ill with
    /// subscriptions to how a message begins: who has one misses a message that others are given with that field.
    /// </summary>
    public bool TellLosses { get; init; } = true;

    /// <summary>How long disposing the client may take to send what waits, 0 or more; 2 s.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The pause before a lost connection is tried again, from 1 ms; 100 ms. It doubles with each try.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such pause; 5 s.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the client and its peers prove who they are: <see cref="PlainSecurity"/>, or <c>CurveSecurity</c> of the package MessageRouter.Curve; null, the default, for not at all.</summary>
    public ZmtpSecurity? Security { get; init; }

    /// <summary>The clock of pauses.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <param name="endpoint">The first endpoint.</param>
    internal void Check(string endpoint)
    {
        ArgumentNullException.ThrowIfNull(MoreEndpoints);
        ArgumentNullException.ThrowIfNull(Clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CapacityBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSize, 1);
        ZmtpDurations.Check(Linger, TimeSpan.Zero);
        ZmtpDurations.Check(ReconnectMin, TimeSpan.FromMilliseconds(1));
        ZmtpDurations.Check(ReconnectMax, ReconnectMin);
        if (!Enum.IsDefined(Socket)) throw new ArgumentOutOfRangeException(nameof(Socket), Socket, $"{nameof(Socket)} is neither Push nor Pub.");
        if (!Enum.IsDefined(Overflow)) throw new ArgumentOutOfRangeException(nameof(Overflow), Overflow, $"{nameof(Overflow)} is neither DropNewest nor DropOldest.");
        if (ZmtpEndpoints.Problems([endpoint, .. MoreEndpoints], EndpointUse.Connect).FirstOrDefault() is (var at, { } problem)) throw new ArgumentException($"{problem}.", at == 0 ? nameof(endpoint) : nameof(MoreEndpoints));
    }
}
