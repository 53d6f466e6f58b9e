using System.Security.Cryptography;

namespace MessageRouter.Curve;

/// <summary>What the client's long-term key says for its short-term one: both that and the server's long-term key, sealed from it to the server's short-term key.</summary>
internal static class CurveVouch
{
    public const int Size = CurveNonce.LongSize + Sodium.BoxOverhead + 2 * Sodium.KeySize;

    /// <param name="client">The client's short-term public key.</param>
    /// <param name="server">The server's long-term public key.</param>
    /// <param name="shared">What the client's long-term key shares with the server's short-term one.</param>
    public static byte[] Write(ReadOnlySpan<byte> client, ReadOnlySpan<byte> server, ReadOnlySpan<byte> shared)
    {
        var vouch = new byte[Size];
        var number = vouch.AsSpan(0, CurveNonce.LongSize);
        RandomNumberGenerator.Fill(number);
        Sodium.Seal([.. client, .. server], CurveNonce.Of(CurveNonce.Vouch, number), shared, vouch.AsSpan(CurveNonce.LongSize));
        return vouch;
    }

    /// <inheritdoc cref="Write" path="/param"/>
    /// <param name="vouch">What is to be checked.</param>
    /// <param name="shared">What the client's long-term key shares with the server's short-term one.</param>
    /// <param name="client">The client's short-term public key.</param>
    /// <param name="server">The server's long-term public key.</param>
    public static bool IsGenuine(ReadOnlySpan<byte> vouch, ReadOnlySpan<byte> shared, ReadOnlySpan<byte> client, ReadOnlySpan<byte> server)
    {
        Span<byte> content = stackalloc byte[2 * Sodium.KeySize];
        return Sodium.TryOpen(vouch[CurveNonce.LongSize..], CurveNonce.Of(CurveNonce.Vouch, vouch[..CurveNonce.LongSize]), shared, content)
            && CryptographicOperations.FixedTimeEquals(content[..Sodium.KeySize], client)
            && CryptographicOperations.FixedTimeEquals(content[Sodium.KeySize..], server);
    }
}
