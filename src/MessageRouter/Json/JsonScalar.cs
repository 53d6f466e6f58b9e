using System.Buffers.Text;
using System.Globalization;

namespace MessageRouter.Json;

/// <summary>Writes single values that C# code has, as a tree of them would be written.</summary>
internal static class JsonScalar
{
    /// <summary>Bytes that each of the values has room in.</summary>
    public const int MostBytes = 64;

    /// <summary>Writes a value to a buffer of <see cref="MostBytes"/> and tells how many it took; 0 where JSON has nothing for it.</summary>
    public delegate int Writer<in T>(T value, Span<byte> buffer);

    public static ReadOnlySpan<byte> Of(bool value) => value ? "true"u8 : "false"u8;

    public static int Write(long value, Span<byte> buffer) => Utf8Formatter.TryFormat(value, buffer, out var length) ? length : 0;

    public static int Write(ulong value, Span<byte> buffer) => Utf8Formatter.TryFormat(value, buffer, out var length) ? length : 0;

    /// <summary>JSON has no infinite numbers, and nothing for what is no number: nothing is written then.</summary>
    public static int Write(double value, Span<byte> buffer) =>
        double.IsFinite(value) && value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture) ? WithFraction(buffer, length) : 0;

    public static int Write(decimal value, Span<byte> buffer) =>
        value.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture) ? WithFraction(buffer, length) : 0;

    /// <summary>As ISO 8601 has it, with seven places behind the second.</summary>
    public static int Write(DateTimeOffset value, Span<byte> buffer)
    {
        buffer[0] = (byte)'"';
        Utf8Formatter.TryFormat(value, buffer[1..], out var length, 'O');
        buffer[length + 1] = (byte)'"';
        return length + 2;
    }

    // So that the number is read as what it was.
    private static int WithFraction(Span<byte> number, int length)
    {
        if (number[..length].IndexOfAny((byte)'.', (byte)'E') >= 0) return length;

        ".0"u8.CopyTo(number[length..]);
        return length + 2;
    }
}
