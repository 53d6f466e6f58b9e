namespace MessageRouter.Zmtp.Security;

/// <summary>Why connections are refused or ended that break a rule: words that can be counted. The sentence beside them says the rest.</summary>
internal static class Refusals
{
    /// <summary>What came is not ZMTP, or breaks its rules.</summary>
    public const string Protocol = "protocol";

    /// <summary>It speaks an older version of ZMTP, or none.</summary>
    public const string Version = "version";

    /// <summary>It wants another security mechanism.</summary>
    public const string Mechanism = "mechanism";

    /// <summary>It is a socket that does not go with this one.</summary>
    public const string SocketType = "socket-type";

    /// <summary>It says that it is for another stream than this side is.</summary>
    public const string Stream = "stream";

    /// <summary>What it encrypted, or vouched for, does not stand the test.</summary>
    public const string Forged = "forged";

    /// <summary>Its key, user or password is not among those that may connect.</summary>
    public const string NotAllowed = "not-allowed";

    /// <summary>It was let in, and may not be any more.</summary>
    public const string Revoked = "revoked";

    /// <summary>Connections are not taken from its address.</summary>
    public const string Address = "address";

    /// <summary>There were as many connections as there may be.</summary>
    public const string Connections = "connections";

    /// <summary>There were as many connections from its address as there may be.</summary>
    public const string ConnectionsPerAddress = "connections-per-address";

    /// <summary>More connections came from its address than may in a second.</summary>
    public const string ConnectionsPerSecond = "connections-per-second";

    /// <summary>It did not introduce itself in time.</summary>
    public const string HandshakeTime = "handshake-time";

    /// <summary>It had not introduced itself when too many others had not either.</summary>
    public const string Handshakes = "handshakes";

    /// <summary>It has sent a message that is larger than allowed.</summary>
    public const string TooLarge = "too-large";

    /// <summary>It has sent a message of more frames than allowed.</summary>
    public const string Frames = "frames";

    /// <summary>It has not finished a message in time.</summary>
    public const string MessageTime = "message-time";

    /// <summary>It has subscribed to more than allowed.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>There was no memory for its message.</summary>
    public const string Memory = "memory";

    /// <summary>It went, or could not be reached, before it was introduced.</summary>
    public const string Gone = "gone";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Protocol, Version, Mechanism, SocketType, Stream, Forged, NotAllowed, Revoked, Address, Connections, ConnectionsPerAddress, ConnectionsPerSecond, HandshakeTime, Handshakes, TooLarge, Frames,
        MessageTime, Subscriptions, Memory, Gone,
    ];
}
