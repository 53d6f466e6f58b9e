using System.Buffers.Binary;
using MessageRouter.Zmtp;

namespace MessageRouter.Curve;

/// <summary>INITIATE, the client's second word: the cookie as it came, and its long-term key, a vouch and its metadata, sealed.</summary>
internal readonly ref struct CurveInitiate
{
    private const int CookieAt = 9;

    public CurveInitiate(ReadOnlySpan<byte> body)
    {
        Cookie = body.Slice(CookieAt, CurveCookie.Size);
        Number = BinaryPrimitives.ReadUInt64BigEndian(body[(CookieAt + CurveCookie.Size)..]);
        Box = body[(CookieAt + CurveCookie.Size + CurveNonce.ShortSize)..];
    }

    public ReadOnlySpan<byte> Cookie { get; }

    public ulong Number { get; }

    public ReadOnlySpan<byte> Box { get; }

    /// <exception cref="ZmtpException">It is no INITIATE.</exception>
    public static void CheckShape(ReadOnlySpan<byte> body)
    {
        if (!Command.Is(body, "INITIATE"u8, out _) || body.Length < CookieAt + CurveCookie.Size + CurveNonce.ShortSize + Sodium.BoxOverhead + Sodium.KeySize + CurveVouch.Size)
            throw new ZmtpException("It does not go on with INITIATE.");
    }

    /// <param name="cookie">The cookie.</param>
    /// <param name="content">Long-term key, vouch and metadata.</param>
    /// <param name="key">The key of the connection.</param>
    public static byte[] Write(ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> content, ReadOnlySpan<byte> key)
    {
        var number = CurveNonce.Number(2);
        var box = new byte[content.Length + Sodium.BoxOverhead];
        Sodium.Seal(content, CurveNonce.Of(CurveNonce.Initiate, number), key, box);
        return Command.Frame([8, .. "INITIATE"u8, .. cookie, .. number, .. box]);
    }
}
