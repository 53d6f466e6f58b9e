using System.Security.Cryptography;

namespace MessageRouter.Curve;

/// <summary>What the server gives the client to bring back, sealed for itself: both ends' short-term keys of this handshake.</summary>
internal static class CurveCookie
{
    public const int Size = CurveNonce.LongSize + Sodium.BoxOverhead + ContentSize;

    /// <summary>The client's short-term public key, and the server's short-term secret one.</summary>
    public const int ContentSize = 2 * Sodium.KeySize;

    /// <param name="content">What is in it.</param>
    /// <param name="key">The server's, for this connection.</param>
    /// <param name="cookie">Gets it.</param>
    public static void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> key, Span<byte> cookie)
    {
        var number = cookie[..CurveNonce.LongSize];
        RandomNumberGenerator.Fill(number);
        Sodium.Seal(content, CurveNonce.Of(CurveNonce.Cookie, number), key, cookie[CurveNonce.LongSize..]);
    }

    /// <inheritdoc cref="Write" path="/param"/>
    /// <param name="cookie">What has come back.</param>
    /// <param name="key">The server's, for this connection.</param>
    /// <param name="content">Gets what is in it.</param>
    /// <returns>False where this side has not made it for this connection.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> key, Span<byte> content) =>
        Sodium.TryOpen(cookie[CurveNonce.LongSize..], CurveNonce.Of(CurveNonce.Cookie, cookie[..CurveNonce.LongSize]), key, content);
}
