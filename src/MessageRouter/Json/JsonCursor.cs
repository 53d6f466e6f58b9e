using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace MessageRouter.Json;

/// <summary>
/// Steps through a checked document, several times as fast as a reader that checks it again. What is no document after all, such as
/// a tree with raw text in it, ends in an exception.
/// </summary>
internal static class JsonCursor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsonSlice Root(ReadOnlySpan<byte> json)
    {
        var start = SkipSpace(json, 0);
        return new JsonSlice(start, SkipSpaceBack(json, json.Length) - start, KindAt(json, start));
    }

    /// <summary>The value that begins at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsonSlice Value(ReadOnlySpan<byte> json, int at)
    {
        var kind = KindAt(json, at);
        var end = kind switch
        {
            JsonTokenType.String => EndOfString(json, at),
            JsonTokenType.StartObject or JsonTokenType.StartArray => EndOfContainer(json, at),
            _ => EndOfScalar(json, at),
        };
        if (end == at) throw Broken();
        return new JsonSlice(at, end - at, kind);
    }

    /// <summary>The byte there, and NUL, which can stand nowhere in a document, behind its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte ByteAt(ReadOnlySpan<byte> json, int at) => (uint)at < (uint)json.Length ? json[at] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (IsSpace(ByteAt(json, at))) at++;
        return at;
    }

    /// <summary>From behind a value to the next one, or to the end of what it is in.</summary>
    public static int SkipSeparator(ReadOnlySpan<byte> json, int at)
    {
        at = SkipSpace(json, at);
        return ByteAt(json, at) == ',' ? SkipSpace(json, at + 1) : at;
    }

    /// <summary>From anywhere to behind the last byte before it that is no white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpaceBack(ReadOnlySpan<byte> json, int at)
    {
        while (at > 0 && IsSpace(json[at - 1])) at--;
        return at;
    }

    /// <summary>From the quote that opens a string to behind the one that closes it.</summary>
    public static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        if (ByteAt(json, at) != '"') throw Broken();
        at++;

        // Most strings are short, and at an end that is so near no call has to look for it.
        if (json.Length - at >= Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(json[at..]);
            var stops = (Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
            if (stops != 0)
            {
                at += BitOperations.TrailingZeroCount(stops);
                if (json[at] == '"') return at + 1;
            }
        }

        while (at < json.Length)
        {
            var run = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (run < 0) break;
            at += run;
            if (json[at] == '"') return at + 1;
            at += 2;
        }

        throw Broken();
    }

    /// <summary>Whether what is at <paramref name="at"/>, outside of strings, is in nothing but the container that begins at <paramref name="start"/>.</summary>
    public static bool IsDirectlyIn(ReadOnlySpan<byte> json, int start, int at)
    {
        var depth = 0;
        var strings = new JsonStrings();
        for (; start < at; start += JsonBlock.Size)
        {
            var block = JsonBlock.Read(json, start);
            var outside = ~strings.Next(block);
            if (at - start < JsonBlock.Size) outside &= (1UL << (at - start)) - 1;
            depth += BitOperations.PopCount(block.Opening & outside) - BitOperations.PopCount(block.Closing & outside);
        }

        return depth == 1;
    }

    /// <summary>How many levels of objects and arrays a value has.</summary>
    public static int DepthOf(ReadOnlySpan<byte> value)
    {
        if (value[0] is not ((byte)'{' or (byte)'[')) return 0;

        var (depth, deepest) = (0, 0);
        for (var at = 0; at < value.Length; at++)
        {
            switch (value[at])
            {
                case (byte)'"':
                    at = EndOfString(value, at) - 1;
                    break;
                case (byte)'{' or (byte)'[':
                    deepest = Math.Max(deepest, ++depth);
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
            }
        }

        return deepest;
    }

    // Most documents have little, and then the first comparison tells.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSpace(byte value) => value is <= (byte)' ' and ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t');

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static JsonTokenType KindAt(ReadOnlySpan<byte> json, int at) => ByteAt(json, at) switch
    {
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        (byte)'"' => JsonTokenType.String,
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        (byte)'n' => JsonTokenType.Null,
        _ => JsonTokenType.Number,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfScalar(ReadOnlySpan<byte> json, int at)
    {
        while (ByteAt(json, at) is > (byte)' ' and not ((byte)',' or (byte)'}' or (byte)']')) at++;
        return at;
    }

    private static int EndOfContainer(ReadOnlySpan<byte> json, int at)
    {
        var depth = 0;
        var strings = new JsonStrings();
        for (; at < json.Length; at += JsonBlock.Size)
        {
            var block = JsonBlock.Read(json, at);
            var outside = ~strings.Next(block);
            var (opening, closing) = (block.Opening & outside, block.Closing & outside);
            if (depth > BitOperations.PopCount(closing))
            {
                depth += BitOperations.PopCount(opening) - BitOperations.PopCount(closing);
                continue;
            }

            for (var brackets = opening | closing; brackets != 0; brackets &= brackets - 1)
            {
                var place = BitOperations.TrailingZeroCount(brackets);
                depth += (opening >> place & 1) != 0 ? 1 : -1;
                if (depth == 0) return at + place + 1;
            }
        }

        throw Broken();
    }

    /// <summary>Who gives a message another payload may say that it is JSON where it is none.</summary>
    internal static MessageException Broken() => new("The payload is no JSON document, although it was given as one.");
}
