namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Decides who may connect, as a handler of ZAP (RFC 27 of ZeroMQ) does: asked once for each connection, when the mechanism has proven that the peer has the key or
/// knows the password.
/// </summary>
/// <remarks>It is called on any thread, for several peers at the same time. What it throws refuses the peer, and is said in the log.</remarks>
public interface IPeerAuthenticator
{
    /// <summary>Decides on one peer.</summary>
    /// <param name="peer">What is known of it.</param>
    /// <param name="cancellation">Cancelled when the peer has gone, or has taken too long.</param>
    ValueTask<PeerVerdict> AuthenticateAsync(PeerCredentials peer, CancellationToken cancellation);
}

/// <summary>What a peer has shown of itself.</summary>
public sealed record PeerCredentials
{
    /// <summary>By what it proves who it is.</summary>
    public required SecurityMechanism Mechanism { get; init; }

    /// <summary>Its address, as <c>tcp://10.0.0.7:4711</c>, or the endpoint at which it has connected where that is a Unix domain socket.</summary>
    public required string Address { get; init; }

    /// <summary>Its public key in Z85, 40 characters, to which it has the secret one; null without CURVE.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The user; null without PLAIN.</summary>
    public string? User { get; init; }

    /// <summary>The password; null without PLAIN.</summary>
    public string? Password { get; init; }

    /// <summary>What the peer says of itself in the handshake, such as <c>Socket-Type</c>: nothing of it is proven. Empty with PLAIN, which tells it later.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Mechanism} {Address} {PublicKey ?? User}".TrimEnd();
}

/// <summary>What was decided on a peer.</summary>
public sealed record PeerVerdict
{
    private PeerVerdict()
    {
    }

    /// <summary>Whether it may connect.</summary>
    public bool IsAccepted { get; private init; }

    /// <summary>The name under which it is known here; null for none.</summary>
    public string? Identity { get; private init; }

    /// <summary>What else is known of it.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; private init; } = new Dictionary<string, string>();

    /// <summary>Why it may not, as a sentence for the log of this side; the peer is not told.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Lets a peer in.</summary>
    /// <param name="identity">The name under which it is known here.</param>
    /// <param name="attributes">What else is known of it.</param>
    public static PeerVerdict Accept(string? identity = null, IReadOnlyDictionary<string, string>? attributes = null) =>
        new() { IsAccepted = true, Identity = identity, Attributes = attributes ?? new Dictionary<string, string>() };

    /// <summary>Lets it not.</summary>
    /// <param name="reason">Why, as a sentence for the log.</param>
    public static PeerVerdict Refuse(string reason) => new() { Reason = reason ?? throw new ArgumentNullException(nameof(reason)) };
}
