namespace MessageRouter.Zmtp.Security;

/// <summary>How a socket and its peers prove to each other who they are. What can be had is made by its own classes and by the package MessageRouter.Curve.</summary>
public abstract class ZmtpSecurity
{
    private readonly AllowedPeers? _allowed;
    private readonly ConnectionSecurity? _server;
    private readonly ConnectionSecurity? _client;

    /// <param name="allowed">Those who may connect, where a list says so.</param>
    /// <param name="server">The mechanism's server; null where there is none.</param>
    /// <param name="client">Its client; null where there is none. With both, it is the server of connections that were accepted, and the client of those that were made.</param>
    private protected ZmtpSecurity(AllowedPeers? allowed, ConnectionSecurity? server, ConnectionSecurity? client) => (_allowed, _server, _client) = (allowed, server, client);

    /// <summary>Raised when peers that were allowed may not be any more. Lists are followed as long as somebody listens.</summary>
    internal event Action? Revoked
    {
        add
        {
            if (_allowed is not null) _allowed.Removed += value;
        }
        remove
        {
            if (_allowed is not null) _allowed.Removed -= value;
        }
    }

    /// <summary>Whether both are the same side of the same mechanism with the same secrets: two clients can be. Whoever lets peers in is equal to itself alone.</summary>
    public override bool Equals(object? obj) =>
        ReferenceEquals(this, obj) || (obj is ZmtpSecurity { _server: null, _client: { } other } && _server is null && other.Equals(_client));

    /// <inheritdoc/>
    public override int GetHashCode() => _server is null && _client is not null ? _client.GetHashCode() : base.GetHashCode();

    /// <summary>What a connection is to do.</summary>
    /// <param name="accepted">Whether the peer has connected.</param>
    internal ConnectionSecurity For(bool accepted) => (accepted ? _server ?? _client : _client ?? _server)!;

    /// <summary>Whether a peer that was let in still would be.</summary>
    /// <param name="peer">Who it is.</param>
    /// <param name="accepted">Whether it has connected.</param>
    /// <remarks>A peer may be the server that is trusted and stand on the list as well: what counts is what it is on this connection.</remarks>
    internal bool StillAllows(PeerIdentity peer, bool accepted) => !For(accepted).IsServer || (_allowed?.StillAllows(peer) ?? true);
}
