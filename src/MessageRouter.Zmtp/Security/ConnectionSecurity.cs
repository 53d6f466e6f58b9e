namespace MessageRouter.Zmtp.Security;

/// <summary>One side of a mechanism of ZMTP. It keeps nothing of a connection: what that needs lives while <see cref="ShakeHandsAsync"/> runs, and in its result.</summary>
internal abstract class ConnectionSecurity
{
    /// <summary>The mechanism's name in the greeting.</summary>
    public abstract string Mechanism { get; }

    /// <summary>Whether this side is the server of the mechanism, whichever side has connected.</summary>
    public virtual bool IsServer => false;

    /// <summary>Everything between the greetings and the first message.</summary>
    /// <param name="channel">The peer.</param>
    /// <param name="metadata">What this side says of itself.</param>
    /// <exception cref="ZmtpException">The peer does not speak the mechanism, or may not come in.</exception>
    public abstract ValueTask<HandshakeResult> ShakeHandsAsync(HandshakeChannel channel, PeerMetadata metadata);
}

/// <summary>What a handshake has come to.</summary>
/// <param name="Metadata">What the peer says of itself.</param>
/// <param name="Identity">Who it is.</param>
/// <param name="Cipher">What frames are encrypted with from here on; null for none.</param>
internal sealed record HandshakeResult(PeerMetadata Metadata, PeerIdentity Identity, IFrameCipher? Cipher = null);
