using System.Security.Cryptography;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>The server's side of the handshake: HELLO, WELCOME, INITIATE, READY.</summary>
/// <remarks>
/// Until INITIATE has shown that the client could read WELCOME, the server remembers of it one key, that of the cookie, in which the client itself brings back what the server has to know.
/// The cookie's key is the connection's own, as libzmq has it, so that no cookie is good for another connection.
/// </remarks>
internal sealed class CurveServer(CurveKeys keys, CurvePeers allow, IPeerAuthenticator? authenticator) : ConnectionSecurity
{
    public override string Mechanism => "CURVE";

    public override bool IsServer => true;

    public override async ValueTask<HandshakeResult> ShakeHandsAsync(HandshakeChannel channel, PeerMetadata metadata)
    {
        var cookieKey = CurveKeys.NewSecret();
        RandomNumberGenerator.Fill(cookieKey);
        try
        {
            var hello = await channel.ReceiveAsync();
            CurveHello.CheckShape(hello.Span);
            byte[] welcome;
            using (await HandshakeGate.Shared.EnterAsync(HandshakeWork.Keys, channel.Ended)) welcome = Welcome(hello.Span, cookieKey);
            var helloNumber = CurveHello.NumberOf(hello.Span);
            await channel.SendAsync(welcome);

            var initiate = await channel.ReceiveAsync();
            CurveInitiate.CheckShape(initiate.Span);
            Opened opened;
            using (await HandshakeGate.Shared.EnterAsync(HandshakeWork.Keys, channel.Ended)) opened = Open(initiate.Span, cookieKey, helloNumber);
            try
            {
                var identity = await AuthenticateAsync(channel, opened);
                await channel.SendAsync(Ready(metadata, opened.Key));
                return new HandshakeResult(opened.Metadata, identity, new CurveCipher(opened.Key, isServer: true, sealedBefore: 1, openedBefore: opened.Number));
            }
            catch
            {
                CryptographicOperations.ZeroMemory(opened.Key);
                throw;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(cookieKey);
        }
    }

    /// <exception cref="ZmtpException">It did not come from somebody who knows the server's public key.</exception>
    private byte[] Welcome(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> cookieKey)
    {
        var client = CurveHello.ClientOf(hello);
        Span<byte> shared = stackalloc byte[Sodium.KeySize];
        Span<byte> secret = stackalloc byte[Sodium.KeySize];
        Span<byte> cookie = stackalloc byte[CurveCookie.ContentSize];
        try
        {
            if (!Sodium.TryShare(client, keys.Secret, shared) || !CurveHello.IsGenuine(hello, shared))
                throw new ZmtpException("Its HELLO was not made for this server's key: it has another `server` key, or does not speak CURVE.", Refusals.Forged);

            // The short-term public key, and the cookie with the secret one.
            Span<byte> content = stackalloc byte[Sodium.KeySize + CurveCookie.Size];
            Sodium.MakeKeys(content[..Sodium.KeySize], secret);
            client.CopyTo(cookie);
            secret.CopyTo(cookie[Sodium.KeySize..]);
            CurveCookie.Write(cookie, cookieKey, content[Sodium.KeySize..]);
            return CurveWelcome.Write(content, shared);
        }
        finally
        {
            shared.Clear();
            secret.Clear();
            cookie.Clear();
        }
    }

    /// <exception cref="ZmtpException">It is not of the client that has said HELLO, or that has not the key that it shows.</exception>
    private Opened Open(ReadOnlySpan<byte> initiate, ReadOnlySpan<byte> cookieKey, ulong helloNumber)
    {
        var parts = new CurveInitiate(initiate);
        Span<byte> cookie = stackalloc byte[CurveCookie.ContentSize];
        Span<byte> vouching = stackalloc byte[Sodium.KeySize];
        var key = CurveKeys.NewSecret();
        try
        {
            if (!CurveCookie.TryOpen(parts.Cookie, cookieKey, cookie))
                throw new ZmtpException("Its INITIATE has a cookie that this side did not make for it.", Refusals.Forged);
            var client = cookie[..Sodium.KeySize];
            var secret = cookie[Sodium.KeySize..];
            if (parts.Number <= helloNumber) throw new ZmtpException("The number of its INITIATE is not above that of its HELLO.", Refusals.Forged);
            if (!Sodium.TryShare(client, secret, key)) throw new ZmtpException("Its key is nobody's.", Refusals.Forged);
            var content = new byte[parts.Box.Length - Sodium.BoxOverhead];
            if (!Sodium.TryOpen(parts.Box, CurveNonce.Of(CurveNonce.Initiate, CurveNonce.Number(parts.Number)), key, content))
                throw new ZmtpException("Its INITIATE was sealed by somebody else or changed on the way.", Refusals.Forged);

            // The vouch: by who has the long-term key, for the short-term key and this very server.
            var longTerm = content[..Sodium.KeySize];
            if (!Sodium.TryShare(longTerm, secret, vouching) || !CurveVouch.IsGenuine(content.AsSpan(Sodium.KeySize, CurveVouch.Size), vouching, client, keys.Public))
                throw new ZmtpException("It does not have the key that it shows.", Refusals.Forged);
            return new Opened(longTerm, PeerMetadata.Parse(content.AsSpan(Sodium.KeySize + CurveVouch.Size)), key, parts.Number);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(key);
            throw;
        }
        finally
        {
            cookie.Clear();
            vouching.Clear();
        }
    }

    private async ValueTask<PeerIdentity> AuthenticateAsync(HandshakeChannel channel, Opened peer)
    {
        var publicKey = Z85.Encode(peer.Client);
        if (allow.Find(peer.Client) is not { } identity) throw await RefuseAsync(channel, $"Its key {publicKey} is not among those that may connect.");
        if (authenticator is null) return identity;
        var credentials = new PeerCredentials { Mechanism = SecurityMechanism.Curve, Address = channel.PeerName, PublicKey = publicKey, Metadata = peer.Metadata.ToDictionary() };
        var verdict = await authenticator.AuthenticateAsync(credentials, channel.Ended);
        if (!verdict.IsAccepted) throw await RefuseAsync(channel, verdict.Reason);
        return identity with { Name = verdict.Identity ?? identity.Name, Attributes = verdict.Attributes.Count > 0 ? verdict.Attributes : identity.Attributes };
    }

    /// <summary>Tells the peer that, and no more.</summary>
    private static async ValueTask<ZmtpException> RefuseAsync(HandshakeChannel channel, string reason)
    {
        await channel.SendAsync(Command.Frame([5, .. "ERROR"u8, 3, .. "400"u8]));
        return new ZmtpException(reason, Refusals.NotAllowed);
    }

    private static byte[] Ready(PeerMetadata metadata, ReadOnlySpan<byte> key)
    {
        var (content, number) = (metadata.ToBytes(), CurveNonce.Number(1));
        var box = new byte[content.Length + Sodium.BoxOverhead];
        Sodium.Seal(content, CurveNonce.Of(CurveNonce.Ready, number), key, box);
        return Command.Frame([5, .. "READY"u8, .. number, .. box]);
    }

    private sealed record Opened(byte[] Client, PeerMetadata Metadata, byte[] Key, ulong Number);
}
