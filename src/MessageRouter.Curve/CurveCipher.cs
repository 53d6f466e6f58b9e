using System.Buffers.Binary;
using System.Security.Cryptography;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>
/// Seals frames as MESSAGE of CURVE. The number in the nonce grows by one with each frame of either side. RFC 26 wants it to grow, and TCP loses nothing: a number that is not the next one means
/// that somebody on the way sends a frame again, holds one back, or leaves one out, be it the first of a message that has several.
/// </summary>
internal sealed class CurveCipher : IFrameCipher
{
    private const int NumberAt = 8;
    private const int BoxAt = NumberAt + CurveNonce.ShortSize;
    private const int ContentAt = BoxAt + Sodium.BoxOverhead;

    /// <summary>When so many frames have been sealed a number would come twice: long after anybody's lifetime.</summary>
    private const ulong LastNumber = ulong.MaxValue;

    private readonly byte[] _key;
    private readonly byte[] _sealNonce;
    private readonly byte[] _openNonce;
    private ulong _sealed;
    private ulong _opened;

    /// <param name="key">The key that both ends share; the cipher's from here on.</param>
    /// <param name="isServer">Whether this side is the server.</param>
    /// <param name="sealedBefore">The last number that this side has used with the key.</param>
    /// <param name="openedBefore">The last number that the peer has used with it.</param>
    public CurveCipher(byte[] key, bool isServer, ulong sealedBefore, ulong openedBefore)
    {
        _key = key;
        _sealNonce = CurveNonce.Of(isServer ? CurveNonce.ServerMessage : CurveNonce.ClientMessage, stackalloc byte[CurveNonce.ShortSize]);
        _openNonce = CurveNonce.Of(isServer ? CurveNonce.ClientMessage : CurveNonce.ServerMessage, stackalloc byte[CurveNonce.ShortSize]);
        _sealed = sealedBefore;
        _opened = openedBefore;
    }

    private static ReadOnlySpan<byte> Name => "\x07MESSAGE"u8;

    public int Overhead => ContentAt + 1;

    public void Open(ReadOnlySpan<byte> body, Span<byte> content)
    {
        if (!body.StartsWith(Name)) throw new ZmtpException("It sent a frame that is not sealed.", Refusals.Forged);
        var number = BinaryPrimitives.ReadUInt64BigEndian(body[NumberAt..]);
        if (number != _opened + 1) throw new ZmtpException(number <= _opened ? "It sent a sealed frame a second time, or out of its order." : "A sealed frame of it is missing.", Refusals.Forged);
        body.Slice(NumberAt, CurveNonce.ShortSize).CopyTo(_openNonce.AsSpan(_openNonce.Length - CurveNonce.ShortSize));
        if (!Sodium.TryOpen(body[BoxAt..], _openNonce, _key, content)) throw new ZmtpException("It sent a frame that was sealed by somebody else or changed on the way.", Refusals.Forged);
        _opened = number;
    }

    public void Seal(byte flags, ReadOnlySpan<byte> payload, Span<byte> body)
    {
        if (_sealed == LastNumber) throw new ZmtpException("No more frames can be sealed with this connection's key.");
        Name.CopyTo(body);
        var number = body.Slice(NumberAt, CurveNonce.ShortSize);
        BinaryPrimitives.WriteUInt64BigEndian(number, ++_sealed);
        number.CopyTo(_sealNonce.AsSpan(_sealNonce.Length - CurveNonce.ShortSize));
        var content = body[ContentAt..];
        content[0] = flags;
        payload.CopyTo(content[1..]);
        Sodium.Seal(content, _sealNonce, _key, body[BoxAt..]);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
