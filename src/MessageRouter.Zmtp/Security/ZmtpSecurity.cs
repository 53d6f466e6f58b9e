namespace MessageRouter.Zmtp.Security;

/// <summary>How a socket and its peers prove to each other who they are. What can be had is made by its own classes and by the package MessageRouter.Curve.</summary>
public abstract class ZmtpSecurity
{
    private protected ZmtpSecurity()
    {
    }

    /// <summary>Raised when peers that were allowed may not be any more.</summary>
    internal virtual event Action? Revoked
    {
        add { }
        remove { }
    }

    /// <summary>What a connection is to do.</summary>
    /// <param name="accepted">Whether the peer has connected.</param>
    internal abstract ConnectionSecurity For(bool accepted);

    /// <summary>Whether a peer that was let in still would be.</summary>
    /// <param name="peer">Who it is.</param>
    /// <param name="accepted">Whether it has connected.</param>
    internal abstract bool StillAllows(PeerIdentity peer, bool accepted);
}
