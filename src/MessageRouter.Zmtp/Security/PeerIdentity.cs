namespace MessageRouter.Zmtp.Security;

/// <summary>Who is at the other end of a connection, as far as that is known. One object for each connection.</summary>
public sealed record PeerIdentity
{
    /// <summary>Nobody has proven anything.</summary>
    public static readonly PeerIdentity Unknown = new();

    /// <summary>
    /// The name that this side has for the peer: of a key that of its file or the one beside it in the list, of a user his, of an authenticator's own verdict what that says; null where nothing was
    /// proven.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>What else this side knows of the peer: the metadata of its certificate's file, or what an authenticator has said. Never what the peer says of itself.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>How it was proven.</summary>
    public SecurityMechanism Mechanism { get; init; }

    /// <summary>The peer's public key in Z85, 40 characters; null without CURVE.</summary>
    public string? PublicKey { get; init; }
}

/// <summary>The ways in which peers prove who they are.</summary>
public enum SecurityMechanism
{
    /// <summary>They do not, and everybody on the way can read and change what goes over the connection.</summary>
    Null,

    /// <summary>By a name and a password, which everybody on the way can read.</summary>
    Plain,

    /// <summary>By keys; what goes over the connection is encrypted (RFC 26 of ZeroMQ).</summary>
    Curve,
}
