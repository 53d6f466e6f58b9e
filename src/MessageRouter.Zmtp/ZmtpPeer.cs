namespace MessageRouter.Zmtp;

/// <summary>A peer that a socket is connected with, as it was when somebody asked.</summary>
/// <param name="Name">Of a peer that has connected its address, of one that was connected to the endpoint: <c>tcp://10.0.0.7:4711</c>.</param>
/// <param name="IsAccepted">Whether it has connected by itself.</param>
/// <param name="Sent">Messages that were written to it.</param>
/// <param name="Waiting">Messages that it has been given and that are not written yet.</param>
/// <param name="Missed">Messages for it that a publisher has dropped, since it had as many as it may.</param>
/// <param name="Received">Messages that it has sent.</param>
public readonly record struct ZmtpPeer(string Name, bool IsAccepted, long Sent, long Waiting, long Missed, long Received);

/// <summary>What a socket has counted since it was made.</summary>
/// <param name="Sent">Messages that the operating system has; of a publisher each one once for each subscriber.</param>
/// <param name="Waiting">Messages that the socket has and that have neither left nor been taken.</param>
/// <param name="Dropped">Messages that a sender was given and that will not be sent.</param>
/// <param name="Received">Messages that have come.</param>
/// <param name="Refused">Connections that ended before the peer had introduced itself.</param>
public readonly record struct ZmtpStatistics(long Sent, long Waiting, long Dropped, long Received, long Refused);

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
