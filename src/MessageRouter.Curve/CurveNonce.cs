using System.Buffers.Binary;

namespace MessageRouter.Curve;

/// <summary>The nonces of CURVE: a text that says what is sealed, so that nothing can be taken for something else, and a number that is never used twice.</summary>
internal static class CurveNonce
{
    /// <summary>Bytes of the number behind a long text.</summary>
    public const int ShortSize = 8;

    /// <summary>Bytes of the random number behind a short text.</summary>
    public const int LongSize = 16;

    public static ReadOnlySpan<byte> Hello => "CurveZMQHELLO---"u8;

    public static ReadOnlySpan<byte> Welcome => "WELCOME-"u8;

    public static ReadOnlySpan<byte> Cookie => "COOKIE--"u8;

    public static ReadOnlySpan<byte> Initiate => "CurveZMQINITIATE"u8;

    public static ReadOnlySpan<byte> Vouch => "VOUCH---"u8;

    public static ReadOnlySpan<byte> Ready => "CurveZMQREADY---"u8;

    public static ReadOnlySpan<byte> ClientMessage => "CurveZMQMESSAGEC"u8;

    public static ReadOnlySpan<byte> ServerMessage => "CurveZMQMESSAGES"u8;

    /// <summary>Puts a nonce together.</summary>
    /// <param name="text">What is sealed.</param>
    /// <param name="number">The number of which the other end is told.</param>
    public static byte[] Of(ReadOnlySpan<byte> text, ReadOnlySpan<byte> number) => [.. text, .. number];

    /// <summary>A counter as the number of a nonce.</summary>
    public static byte[] Number(ulong counter)
    {
        var number = new byte[ShortSize];
        BinaryPrimitives.WriteUInt64BigEndian(number, counter);
        return number;
    }
}
