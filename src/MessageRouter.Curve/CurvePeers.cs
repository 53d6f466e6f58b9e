using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>The public keys of those who may connect. Asked for each connection; it may change at any time.</summary>
public abstract class CurvePeers
{
    private protected CurvePeers()
    {
    }

    /// <summary>Everybody who has some key and knows the server's public one: connections are encrypted, and nothing is known of who is at the other end but his key.</summary>
    public static CurvePeers Any { get; } = new Everybody();

    /// <summary>Raised after keys have been taken off, on any thread.</summary>
    internal event Action? Removed;

    /// <summary>Looks for a key.</summary>
    /// <returns>Who has it; null where it may not connect.</returns>
    internal abstract PeerIdentity? Find(ReadOnlySpan<byte> publicKey);

    private protected void TellRemoved() => Removed?.Invoke();

    private sealed class Everybody : CurvePeers
    {
        internal override PeerIdentity Find(ReadOnlySpan<byte> publicKey) => new() { Mechanism = SecurityMechanism.Curve, PublicKey = Z85.Encode(publicKey) };
    }
}
