using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>
/// CURVE (RFC 26 of ZeroMQ) for the connections of a socket. The server of a connection says who may connect, the client which server it trusts; which of the two a socket is does not
/// depend on who connects. Where both are given, it is the server of connections that it has accepted, and the client of those that it has made. Peers that speak anything else are refused.
/// </summary>
public sealed class CurveSecurity : ZmtpSecurity
{
    private readonly CurvePeers? _allow;
    private readonly CurveServer? _server;
    private readonly CurveClient? _client;

    private CurveSecurity(CurveKeys keys, CurvePeers? allow, byte[]? serverKey, IPeerAuthenticator? authenticator)
    {
        _allow = allow;
        if (allow is not null) _server = new CurveServer(keys, allow, authenticator is null or PatientAuthenticator ? authenticator : new PatientAuthenticator(authenticator));
        if (serverKey is not null) _client = new CurveClient(keys, serverKey);
    }

    /// <summary>The server's side.</summary>
    /// <param name="keys">Its keys.</param>
    /// <param name="allow">Who may connect.</param>
    /// <param name="authenticator">Asked beside that, about those who may; null for nobody.</param>
    public static CurveSecurity Server(CurveKeys keys, CurvePeers allow, IPeerAuthenticator? authenticator = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(allow);
        return new CurveSecurity(keys, allow, null, authenticator);
    }

    /// <summary>The client's side.</summary>
    /// <param name="keys">Its keys, whose public one the server knows.</param>
    /// <param name="serverKey">The public key of the server in Z85, 40 characters.</param>
    /// <exception cref="ArgumentException">That is no key.</exception>
    public static CurveSecurity Client(CurveKeys keys, string serverKey)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new CurveSecurity(keys, null, Key(serverKey), null);
    }

    /// <summary>The server's side of connections that the socket accepts, and the client's side of those that it makes.</summary>
    /// <inheritdoc cref="Server" path="/param"/>
    /// <param name="keys">Its keys.</param>
    /// <param name="allow">Who may connect.</param>
    /// <param name="serverKey">The public key of the server in Z85, 40 characters.</param>
    /// <param name="authenticator">Asked beside the list, about those who may connect; null for nobody.</param>
    /// <exception cref="ArgumentException">That is no key.</exception>
    public static CurveSecurity Both(CurveKeys keys, CurvePeers allow, string serverKey, IPeerAuthenticator? authenticator = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(allow);
        return new CurveSecurity(keys, allow, Key(serverKey), authenticator);
    }

    /// <remarks>Lists are followed as long as a socket listens.</remarks>
    internal override event Action? Revoked
    {
        add
        {
            if (_allow is not null) _allow.Removed += value;
        }
        remove
        {
            if (_allow is not null) _allow.Removed -= value;
        }
    }

    internal override ConnectionSecurity For(bool accepted) => accepted ? (ConnectionSecurity?)_server ?? _client! : (ConnectionSecurity?)_client ?? _server!;

    /// <remarks>A peer may be the server that is trusted and stand on the list as well: what counts is what it is on this connection.</remarks>
    internal override bool StillAllows(PeerIdentity peer, bool accepted) =>
        For(accepted) is CurveClient || _allow is not { } allow || (Z85.TryDecodeKey(peer.PublicKey, out var key) && allow.Find(key) is not null);

    private static byte[] Key(string text) => Z85.TryDecodeKey(text, out var key) ? key : throw new ArgumentException("A public key is 40 characters of Z85.", nameof(text));
}
