using System.Buffers.Binary;
using System.Security.Cryptography;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>The client's side of the handshake.</summary>
/// <param name="keys">Its long-term keys.</param>
/// <param name="server">The long-term public key of the only server that it trusts.</param>
internal sealed class CurveClient(CurveKeys keys, byte[] server) : ConnectionSecurity
{
    private readonly PeerIdentity _server = new() { Mechanism = SecurityMechanism.Curve, PublicKey = Z85.Encode(server) };

    public override string Mechanism => "CURVE";

    private CurveKeys Own => keys;

    private ReadOnlySpan<byte> Server => server;

    public override bool Equals(object? obj) =>
        ReferenceEquals(this, obj) || (obj is CurveClient other && !keys.IsDisposed && !other.Own.IsDisposed && keys.Public.SequenceEqual(other.Own.Public) && Server.SequenceEqual(other.Server));

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(keys.Public);
        hash.AddBytes(Server);
        return hash.ToHashCode();
    }

    public override async ValueTask<HandshakeResult> ShakeHandsAsync(HandshakeChannel channel, PeerMetadata metadata)
    {
        var shortTerm = CurveKeys.Generate();
        var helloKey = CurveKeys.NewSecret();
        var key = CurveKeys.NewSecret();
        try
        {
            byte[] hello;
            using (await HandshakeGate.Shared.EnterAsync(HandshakeWork.Keys, channel.Ended)) hello = Hello(shortTerm, helloKey);
            await channel.SendAsync(hello);

            var welcome = await AnswerAsync(channel);
            byte[] initiate;
            using (await HandshakeGate.Shared.EnterAsync(HandshakeWork.Keys, channel.Ended)) initiate = Initiate(CurveWelcome.Open(welcome.Span, helloKey), shortTerm, metadata, key);
            await channel.SendAsync(initiate);

            var (readNumber, peer) = Ready((await channel.ReceiveAsync()).Span, key);
            return new HandshakeResult(peer, _server, new CurveCipher(key, isServer: false, sealedBefore: 2, openedBefore: readNumber));
        }
        catch
        {
            CryptographicOperations.ZeroMemory(key);
            throw;
        }
        finally
        {
            shortTerm.Dispose();
            CryptographicOperations.ZeroMemory(helloKey);
        }
    }

    /// <remarks>A server that cannot read HELLO says nothing, so nobody is told why but here.</remarks>
    private static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(HandshakeChannel channel)
    {
        try
        {
            return await channel.ReceiveAsync();
        }
        catch (ZmtpException exception) when (exception.Refusal is null)
        {
            throw new ZmtpException($"{exception.Message} It has not answered HELLO: the key that is trusted here may not be its key.", refusal: null);
        }
    }

    private byte[] Hello(CurveKeys shortTerm, Span<byte> shared)
    {
        if (!Sodium.TryShare(server, shortTerm.Secret, shared)) throw new ZmtpException("The key that is trusted here is nobody's.", Refusals.Forged);
        return CurveHello.Write(shortTerm.Public, shared);
    }

    private byte[] Initiate(byte[] welcome, CurveKeys shortTerm, PeerMetadata metadata, Span<byte> key)
    {
        var serverShortTerm = welcome.AsSpan(0, Sodium.KeySize);
        Span<byte> vouching = stackalloc byte[Sodium.KeySize];
        if (!Sodium.TryShare(serverShortTerm, shortTerm.Secret, key) || !Sodium.TryShare(serverShortTerm, keys.Secret, vouching)) throw new ZmtpException("Its key is nobody's.", Refusals.Forged);
        byte[] content = [.. keys.Public, .. CurveVouch.Write(shortTerm.Public, server, vouching), .. metadata.ToBytes()];
        vouching.Clear();
        return CurveInitiate.Write(welcome.AsSpan(Sodium.KeySize), content, key);
    }

    private static (ulong Number, PeerMetadata Metadata) Ready(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key)
    {
        if (Command.Is(body, "ERROR"u8, out var reason))
        {
            throw reason.SequenceEqual("\u0003400"u8)
                ? new ZmtpException("The server does not let this side in: its public key is not among those that may connect there.", Refusals.NotAllowed)
                : new ZmtpException(Command.ErrorText(reason));
        }
        if (!Command.Is(body, "READY"u8, out var rest) || rest.Length < CurveNonce.ShortSize + Sodium.BoxOverhead) throw new ZmtpException("It does not answer INITIATE with READY.");
        var number = BinaryPrimitives.ReadUInt64BigEndian(rest);
        var content = new byte[rest.Length - CurveNonce.ShortSize - Sodium.BoxOverhead];
        if (number == 0 || !Sodium.TryOpen(rest[CurveNonce.ShortSize..], CurveNonce.Of(CurveNonce.Ready, rest[..CurveNonce.ShortSize]), key, content))
            throw new ZmtpException("Its READY was sealed by somebody else or changed on the way.", Refusals.Forged);
        return (number, PeerMetadata.Parse(content));
    }
}
