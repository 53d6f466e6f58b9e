namespace MessageRouter.Zmtp.Security;

/// <summary>
/// PLAIN (RFC 24 of ZeroMQ) for the connections of a socket: the client says a user and his password, and the server whether they will do. Both can be read by everybody on the way, and so can everything that
/// follows: for peers that have nothing else, on links that nobody else is on. Peers that speak anything else are refused.
/// </summary>
public sealed class PlainSecurity : ZmtpSecurity
{
    /// <param name="users">Those who may connect; null where an authenticator decides, or it is no server.</param>
    /// <param name="authenticator">Decides in their place.</param>
    /// <param name="user">Who this side is where it connects; null where it is no client.</param>
    /// <param name="password">His password.</param>
    internal PlainSecurity(PlainUsers? users, IPeerAuthenticator? authenticator, string? user, string password)
        : base(users, users is null && authenticator is null ? null : new PlainServer(users, authenticator), user is null ? null : new PlainClient(user, password))
    {
    }

    /// <summary>The server's side.</summary>
    /// <param name="users">Those who may connect.</param>
    public static PlainSecurity Server(PlainUsers users)
    {
        ArgumentNullException.ThrowIfNull(users);
        return new PlainSecurity(users, null, null, "");
    }

    /// <summary>The server's side, where something else knows the users.</summary>
    /// <param name="authenticator">Decides about each peer.</param>
    public static PlainSecurity Server(IPeerAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return new PlainSecurity(null, new PatientAuthenticator(authenticator), null, "");
    }

    /// <summary>The client's side.</summary>
    /// <param name="user">Who it is; at most 255 bytes.</param>
    /// <param name="password">His password; at most 255 bytes.</param>
    /// <exception cref="ArgumentException">One of the two is longer.</exception>
    public static PlainSecurity Client(string user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(password);
        return new PlainSecurity(null, null, user, password);
    }
}
