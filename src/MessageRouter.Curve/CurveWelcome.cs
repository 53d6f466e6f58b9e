using System.Security.Cryptography;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>WELCOME, the server's answer: its short-term key and a cookie, sealed for the client.</summary>
internal static class CurveWelcome
{
    private const int NumberAt = 8;
    private const int BoxAt = NumberAt + CurveNonce.LongSize;

    /// <param name="content">The short-term key and the cookie.</param>
    /// <param name="shared">What the server's long-term key shares with the client's short-term one.</param>
    public static byte[] Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> shared)
    {
        var body = new byte[BoxAt + Sodium.BoxOverhead + content.Length];
        "\x07WELCOME"u8.CopyTo(body);
        var number = body.AsSpan(NumberAt, CurveNonce.LongSize);
        RandomNumberGenerator.Fill(number);
        Sodium.Seal(content, CurveNonce.Of(CurveNonce.Welcome, number), shared, body.AsSpan(BoxAt));
        return Command.Frame(body);
    }

    /// <returns>The server's short-term key and the cookie.</returns>
    /// <exception cref="ZmtpException">It is none, or not from who has the server's key.</exception>
    public static byte[] Open(ReadOnlySpan<byte> body, ReadOnlySpan<byte> shared)
    {
        const int ContentSize = Sodium.KeySize + CurveCookie.Size;
        if (Command.Is(body, "ERROR"u8, out var reason)) throw new ZmtpException(Command.ErrorText(reason));
        if (!Command.Is(body, "WELCOME"u8, out _) || body.Length != BoxAt + Sodium.BoxOverhead + ContentSize) throw new ZmtpException("It does not answer HELLO with WELCOME.");
        var content = new byte[ContentSize];
        return Sodium.TryOpen(body[BoxAt..], CurveNonce.Of(CurveNonce.Welcome, body.Slice(NumberAt, CurveNonce.LongSize)), shared, content)
            ? content
            : throw new ZmtpException("It is not the server whose key is trusted here.", Refusals.Forged);
    }
}
