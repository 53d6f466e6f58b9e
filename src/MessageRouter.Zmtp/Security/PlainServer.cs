using System.Security.Cryptography;
using System.Text;

namespace MessageRouter.Zmtp.Security;

/// <summary>The server's side of PLAIN: HELLO, WELCOME, INITIATE, READY.</summary>
internal sealed class PlainServer(PlainUsers? users, IPeerAuthenticator? authenticator) : ConnectionSecurity
{
    private static readonly byte[] Welcome = Command.Frame([7, .. "WELCOME"u8]);

    public override string Mechanism => "PLAIN";

    public override bool IsServer => true;

    public override async ValueTask<HandshakeResult> ShakeHandsAsync(HandshakeChannel channel, PeerMetadata metadata)
    {
        var (user, password) = Hello((await channel.ReceiveAsync()).Span);
        PeerIdentity identity;
        try
        {
            identity = await AuthenticateAsync(channel, user, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
        await channel.SendAsync(Welcome);
        if (!Command.Is((await channel.ReceiveAsync()).Span, "INITIATE"u8, out var properties)) throw new ZmtpException("It does not go on with INITIATE.");
        var peer = PeerMetadata.Parse(properties);
        await channel.SendAsync(Command.Ready(metadata));
        return new HandshakeResult(peer, identity);
    }

    private async ValueTask<PeerIdentity> AuthenticateAsync(HandshakeChannel channel, string user, byte[] password)
    {
        if (users is not null)
            return await users.FindAsync(user, password, channel.PeerAddress, channel.Ended) ?? throw await RefuseAsync(channel, $"Its user \"{SafeText.Of(user)}\" is none, or has another password.");
        var credentials = new PeerCredentials { Mechanism = SecurityMechanism.Plain, Address = channel.PeerName, User = user, Password = Encoding.UTF8.GetString(password) };
        var verdict = await authenticator!.AuthenticateAsync(credentials, channel.Ended);
        if (!verdict.IsAccepted) throw await RefuseAsync(channel, verdict.Reason);
        return new PeerIdentity { Mechanism = SecurityMechanism.Plain, Name = verdict.Identity ?? user, Attributes = verdict.Attributes };
    }

    /// <summary>Tells the peer that, and no more.</summary>
    private static async ValueTask<ZmtpException> RefuseAsync(HandshakeChannel channel, string reason)
    {
        await channel.SendAsync(Command.Frame([5, .. "ERROR"u8, 3, .. "400"u8]));
        return new ZmtpException(reason, Refusals.NotAllowed);
    }

    private static (string User, byte[] Password) Hello(ReadOnlySpan<byte> body)
    {
        if (!Command.Is(body, "HELLO"u8, out var rest)) throw new ZmtpException("It does not begin with HELLO.");
        var user = Text(ref rest);
        var text = Text(ref rest);
        if (!rest.IsEmpty) throw new ZmtpException("Its HELLO is malformed.");
        var password = GC.AllocateUninitializedArray<byte>(text.Length, pinned: true);
        text.CopyTo(password);
        return (Encoding.UTF8.GetString(user), password);
    }

    private static ReadOnlySpan<byte> Text(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest.Length < 1 + rest[0]) throw new ZmtpException("Its HELLO is malformed.");
        var text = rest.Slice(1, rest[0]);
        rest = rest[(1 + text.Length)..];
        return text;
    }
}
