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

    /// <summary>When so many frames have been sealed a number would come twice: long after anybody's lifetime.</summary>
    private const ulong LastNumber = ulong.MaxValue;

    private readonly FrameBox _sealing;
    private readonly FrameBox _opening;
    private ulong _sealed;
    private ulong _opened;

    /// <param name="key">The key that both ends share, which the cipher wipes.</param>
    /// <param name="isServer">Whether this side is the server.</param>
    /// <param name="sealedBefore">The last number that this side has used with the key.</param>
    /// <param name="openedBefore">The last number that the peer has used with it.</param>
    public CurveCipher(byte[] key, bool isServer, ulong sealedBefore, ulong openedBefore)
    {
        _sealing = new FrameBox(key, isServer ? CurveNonce.ServerMessage : CurveNonce.ClientMessage);
        _opening = new FrameBox(key, isServer ? CurveNonce.ClientMessage : CurveNonce.ServerMessage);
        CryptographicOperations.ZeroMemory(key);
        _sealed = sealedBefore;
        _opened = openedBefore;
    }

    private static ReadOnlySpan<byte> Name => "\x07MESSAGE"u8;

    public int Overhead => BoxAt + Sodium.BoxOverhead + 1;

    public void Open(ReadOnlySpan<byte> body, Span<byte> content)
    {
        if (!body.StartsWith(Name)) throw new ZmtpException("It sent a frame that is not sealed.", Refusals.Forged);
        var number = BinaryPrimitives.ReadUInt64BigEndian(body[NumberAt..]);
        if (number == 0 || number != _opened + 1) throw new ZmtpException(number <= _opened ? "It sent a sealed frame a second time, or out of its order." : "A sealed frame of it is missing.", Refusals.Forged);
        if (!_opening.TryOpen(body[BoxAt..], body.Slice(NumberAt, CurveNonce.ShortSize), content)) throw new ZmtpException("It sent a frame that was sealed by somebody else or changed on the way.", Refusals.Forged);
        _opened = number;
    }

    public void Seal(byte flags, ReadOnlySpan<byte> payload, Span<byte> body)
    {
        if (_sealed == LastNumber) throw new ZmtpException("No more frames can be sealed with this connection's key.");
        Name.CopyTo(body);
        var number = body.Slice(NumberAt, CurveNonce.ShortSize);
        BinaryPrimitives.WriteUInt64BigEndian(number, ++_sealed);
        _sealing.Seal(flags, payload, number, body[BoxAt..]);
    }

    public void Dispose()
    {
        _sealing.Dispose();
        _opening.Dispose();
    }
}
