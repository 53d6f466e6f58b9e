using MessageRouter.Zmtp.Security;

namespace MessageRouter.Security;

/// <summary>How the sockets of one component and their peers prove who they are, checked. Two that are equal need no new sockets.</summary>
internal abstract record EndpointSecurity
{
    /// <summary>The key of the block that says it.</summary>
    public abstract string Key { get; }

    /// <summary>Who decides beside lists, or in place of users; null for nobody.</summary>
    public AuthenticatorDefinition? Authenticator { get; init; }

    /// <summary>Whether somebody on the way could read what is sent.</summary>
    public virtual bool IsReadable => false;
}

/// <summary>CURVE.</summary>
internal sealed record CurveEndpoint : EndpointSecurity
{
    public override string Key => "curve";

    public required ICurveIdentity Identity { get; init; }

    /// <summary>The lists of those who may connect; none for everybody, null where the sockets are no servers.</summary>
    public IReadOnlyList<PeerList>? Allow { get; init; }

    /// <summary>The public key of the server; null where the sockets are no clients.</summary>
    public string? ServerKey { get; init; }

    /// <remarks>What lists say changes while sockets are open.</remarks>
    public bool Equals(CurveEndpoint? other) =>
        other is not null && base.Equals(other) && Identity.PublicKey == other.Identity.PublicKey && ServerKey == other.ServerKey
        && (Allow is null ? other.Allow is null : other.Allow is not null && Allow.Select(list => list.Name).SequenceEqual(other.Allow.Select(list => list.Name)));

    public override int GetHashCode() => Identity.PublicKey.GetHashCode(StringComparison.Ordinal);
}

/// <summary>PLAIN.</summary>
internal sealed record PlainEndpoint : EndpointSecurity
{
    public override string Key => "plain";

    public override bool IsReadable => true;

    /// <summary>Those who may connect; null where an authenticator decides, or the sockets are no servers.</summary>
    public UserList? Users { get; init; }

    /// <summary>Who this side is; null where the sockets are no clients.</summary>
    public string? User { get; init; }

    public string Password { get; init; } = "";

    public bool Equals(PlainEndpoint? other) => other is not null && base.Equals(other) && Users?.Path == other.Users?.Path && User == other.User && Password == other.Password;

    public override int GetHashCode() => HashCode.Combine(Users?.Path, User);

    /// <summary>Without the password.</summary>
    public override string ToString() => $"plain {User ?? Users?.Path}";
}
