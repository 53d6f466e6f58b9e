using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MessageRouter.Json;

/// <summary>64 bytes of a document: where in them a byte is, as one bit for each place.</summary>
internal readonly struct JsonBlock
{
    public const int Size = 64;

    private const int HalfSize = Size / 2;
    private const byte CaseBit = 0x20;
    private const byte LastControl = 0x1F;

    private readonly Vector256<byte> _low;
    private readonly Vector256<byte> _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonBlock(ReadOnlySpan<byte> bytes)
    {
        _low = Vector256.Create(bytes);
        _high = Vector256.Create(bytes[HalfSize..]);
    }

    /// <summary>The block from <paramref name="at"/> on; behind the end of the document it has NULs.</summary>
    public static JsonBlock Read(ReadOnlySpan<byte> json, int at)
    {
        var bytes = json[at..];
        if (bytes.Length >= Size) return new JsonBlock(bytes);

        Span<byte> padded = stackalloc byte[Size];
        padded.Clear();
        bytes.CopyTo(padded);
        return new JsonBlock(padded);
    }

    public ulong Where(byte value) => Equal(_low, _high, value);

    /// <summary>The brackets and braces that open something, also those in strings.</summary>
    public ulong Opening => Equal(_low | Vector256.Create(CaseBit), _high | Vector256.Create(CaseBit), (byte)'{');

    /// <summary>The brackets and braces that close something, also those in strings.</summary>
    public ulong Closing => Equal(_low | Vector256.Create(CaseBit), _high | Vector256.Create(CaseBit), (byte)'}');

    /// <summary>What ends a run of plain characters in a string: quotes, backslashes and control characters.</summary>
    public ulong Stops
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => StopsOf(_low) | (ulong)StopsOf(_high) << HalfSize;
    }

    /// <summary>Not 0 where there are bytes beyond ASCII.</summary>
    public uint BeyondAscii
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_low | _high).ExtractMostSignificantBits();
    }

    private static uint StopsOf(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.Equals(bytes, Vector256.Min(bytes, Vector256.Create(LastControl)))).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(Vector256<byte> low, Vector256<byte> high, byte value) =>
        Vector256.Equals(low, Vector256.Create(value)).ExtractMostSignificantBits()
        | (ulong)Vector256.Equals(high, Vector256.Create(value)).ExtractMostSignificantBits() << HalfSize;
}
