using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Curve;

/// <summary>Keys as text, as ZeroMQ writes them (RFC 32): 40 characters for 32 bytes.</summary>
internal static class Z85
{
    /// <summary>Characters of a key.</summary>
    public const int KeyLength = 40;

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <param name="bytes">As many as can be divided by four.</param>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % 4 != 0) throw new ArgumentException("The length must be a multiple of four.", nameof(bytes));
        Span<byte> text = stackalloc byte[bytes.Length / 4 * 5];
        Encode(bytes, text);
        return System.Text.Encoding.ASCII.GetString(text);
    }

    /// <summary>The same without a text that stays in memory.</summary>
    /// <param name="bytes">As many as can be divided by four.</param>
    /// <param name="text">Gets it: five bytes for four.</param>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        for (var (i, at) = (0, 0); i < bytes.Length; i += 4, at += 5)
        {
            var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]);
            for (var digit = 4; digit >= 0; digit--, value /= 85) text[at + digit] = (byte)Digits[(int)(value % 85)];
        }
    }

    /// <summary>Reads a key from a text of 40 bytes.</summary>
    /// <returns>False where it has characters that Z85 does not have.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> key)
    {
        for (var (i, at) = (0, 0); i < text.Length; i += 5, at += 4)
        {
            ulong value = 0;
            for (var digit = 0; digit < 5; digit++)
            {
                if (Digits.IndexOf((char)text[i + digit], StringComparison.Ordinal) is >= 0 and var one) value = value * 85 + (ulong)one;
                else return false;
            }
            if (value > uint.MaxValue) return false;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(key[at..], (uint)value);
        }
        return true;
    }

    /// <summary>Reads a key.</summary>
    /// <returns>False where the text is none: of another length, or with characters that Z85 does not have.</returns>
    public static bool TryDecodeKey(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[KeyLength];
        var decoded = new byte[Sodium.KeySize];
        if (text.Length != KeyLength || System.Text.Ascii.FromUtf16(text, bytes, out _) != System.Buffers.OperationStatus.Done || !TryDecode(bytes, decoded)) return false;
        key = decoded;
        return true;
    }
}
