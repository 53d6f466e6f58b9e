using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>
/// CURVE (RFC 26 of ZeroMQ) for the connections of a socket. The server of a connection says who may connect, the client which server it trusts; which of the two a socket is does not
/// depend on who connects. Where both are given, it is the server of connections that it has accepted, and the client of those that it has made. Peers that speak anything else are refused.
/// </summary>
public sealed class CurveSecurity : ZmtpSecurity
{
    private CurveSecurity(CurveKeys keys, CurvePeers? allow, byte[]? serverKey, IPeerAuthenticator? authenticator)
        : base(
            allow,
            allow is null ? null : new CurveServer(keys, allow, authenticator is null or PatientAuthenticator ? authenticator : new PatientAuthenticator(authenticator)),
            serverKey is null ? null : new CurveClient(keys, serverKey))
    {
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

    private static byte[] Key(string text) => Z85.TryDecodeKey(text, out var key) ? key : throw new ArgumentException("A public key is 40 characters of Z85.", nameof(text));
}
