namespace MessageRouter.Zmtp;

/// <summary>A peer that a socket is connected with, as it was when somebody asked.</summary>
public sealed class ZmtpPeer
{
    internal ZmtpPeer()
    {
    }

    /// <summary>Of a peer that has connected its address, of one that was connected to the endpoint: <c>tcp://10.0.0.7:4711</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Whether it has connected by itself.</summary>
    public bool IsAccepted { get; internal init; }

    /// <summary>Messages that were written to it.</summary>
    public long Sent { get; internal init; }

    /// <summary>Messages that it has been given and that are not written yet.</summary>
    public long Waiting { get; internal init; }

    /// <summary>Messages for it that a publisher has dropped, since it had as many as it may.</summary>
    public long Missed { get; internal init; }

    /// <summary>Messages that it has sent.</summary>
    public long Received { get; internal init; }

    /// <summary>Bytes that were written to it, those of the protocol included.</summary>
    public long BytesSent { get; internal init; }

    /// <summary>Bytes that have come from it, those of the protocol included.</summary>
    public long BytesReceived { get; internal init; }

    /// <summary>How long its connection has been there.</summary>
    public TimeSpan Age { get; internal init; }

    /// <summary>For how long nothing has come from it, not even a heartbeat.</summary>
    public TimeSpan Silence { get; internal init; }
}

/// <summary>What a socket has counted since it was made.</summary>
public sealed class ZmtpStatistics
{
    internal ZmtpStatistics()
    {
    }

    /// <summary>Messages that the operating system has; of a publisher each one once for each subscriber.</summary>
    public long Sent { get; internal init; }

    /// <summary>Messages that the socket has and that have neither left nor been taken.</summary>
    public long Waiting { get; internal init; }

    /// <summary>
    /// Messages that a sender was given and that will not be sent; of a publisher each one once for each subscriber that misses it. Of a receiver those that were more than a peer may send
    /// (<see cref="Limits.RateExcess.Drop"/>).
    /// </summary>
    public long Dropped { get; internal init; }

    /// <summary>Messages that have come.</summary>
    public long Received { get; internal init; }

    /// <summary>Connections that ended before the peer had introduced itself.</summary>
    public long Refused { get; internal init; }

    /// <summary>These, and the connections that ended later because the peer had broken a rule, by the rule: a fixed set of words, such as <c>protocol</c> and <c>connections-per-second</c>.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; internal init; } = new Dictionary<string, long>();
}

/// <summary>Something that has happened to a connection.</summary>
/// <param name="peer">Who is at the other end, or the endpoint that is tried.</param>
/// <param name="reason">Why, as a sentence; null for a peer that has come.</param>
public sealed class ZmtpPeerEventArgs(string peer, string? reason) : EventArgs
{
    /// <summary>Who is at the other end, or the endpoint that is tried: <c>tcp://10.0.0.7:4711</c>.</summary>
    public string Peer { get; } = peer;

    /// <summary>Why, as a sentence; null for a peer that has come.</summary>
    public string? Reason { get; } = reason;
}
