using System.Buffers.Binary;
using System.Security.Cryptography;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>
/// HELLO, the client's first word: its short-term key, and 64 zeros that only somebody who knows the server's public key can have sealed. It is larger than the answer, so that nobody can have the server
/// send more than he sends himself.
/// </summary>
internal static class CurveHello
{
    private const int VersionAt = 6;
    private const int PaddingAt = VersionAt + 2;
    private const int ClientAt = PaddingAt + 72;
    private const int NumberAt = ClientAt + Sodium.KeySize;
    private const int BoxAt = NumberAt + CurveNonce.ShortSize;
    private const int Zeros = 64;
    private const int Size = BoxAt + Sodium.BoxOverhead + Zeros;

    /// <param name="client">The client's short-term public key.</param>
    /// <param name="shared">What its secret one shares with the server's long-term key.</param>
    public static byte[] Write(ReadOnlySpan<byte> client, ReadOnlySpan<byte> shared)
    {
        var body = new byte[Size];
        "\x05HELLO\x01\x00"u8.CopyTo(body);
        client.CopyTo(body.AsSpan(ClientAt));
        BinaryPrimitives.WriteUInt64BigEndian(body.AsSpan(NumberAt), 1);
        Sodium.Seal(stackalloc byte[Zeros], CurveNonce.Of(CurveNonce.Hello, CurveNonce.Number(1)), shared, body.AsSpan(BoxAt));
        return Command.Frame(body);
    }

    /// <exception cref="ZmtpException">It is no HELLO, or one of another version.</exception>
    public static void CheckShape(ReadOnlySpan<byte> body)
    {
        if (!Command.Is(body, "HELLO"u8, out _) || body.Length != Size) throw new ZmtpException("It does not begin with HELLO.");
        if (body[VersionAt] != 1 || body[VersionAt + 1] != 0) throw new ZmtpException("It speaks a version of CURVE other than 1.0.", Refusals.Version);
        if (body[PaddingAt..ClientAt].ContainsAnyExcept((byte)0)) throw new ZmtpException("Its HELLO is malformed.");
    }

    public static ReadOnlySpan<byte> ClientOf(ReadOnlySpan<byte> body) => body.Slice(ClientAt, Sodium.KeySize);

    public static ulong NumberOf(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt64BigEndian(body[NumberAt..]);

    public static bool IsGenuine(ReadOnlySpan<byte> body, ReadOnlySpan<byte> shared)
    {
        Span<byte> zeros = stackalloc byte[Zeros];
        Span<byte> expected = stackalloc byte[Zeros];
        return Sodium.TryOpen(body[BoxAt..], CurveNonce.Of(CurveNonce.Hello, body.Slice(NumberAt, CurveNonce.ShortSize)), shared, zeros) && CryptographicOperations.FixedTimeEquals(zeros, expected);
    }
}
