using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using static MessageRouter.Json.JsonCursor;

namespace MessageRouter.Json;

/// <summary>
/// Recognises a JSON document in one pass over its bytes, several times as fast as a reader that reports each token.
/// </summary>
internal static class JsonScan
{
    private const int Block = JsonBlock.Size;
    private const int None = -1;

    // No more than the mask of open levels has bits.
    private const int MostLevels = JsonCheck.MaxDepth < 64 ? JsonCheck.MaxDepth : 64;

    /// <summary>
    /// True only for a strict document in valid UTF-8 that is not too deep. False means that the scan does not vouch for
    /// the document; what is wrong with it, if anything, it does not tell.
    /// </summary>
    public static bool Accepts(ReadOnlySpan<byte> json)
    {
        if (json.Length >= Block) return IsDocument(json, json.Length);

        // A whole block can be read from it; the NULs behind the document are accepted nowhere.
        Span<byte> padded = stackalloc byte[Block];
        padded.Clear();
        json.CopyTo(padded);
        return IsDocument(padded, json.Length);
    }

    // All in one method, so that what it knows of the block stays in registers: between one quote and the next there is little else to do.
    private static bool IsDocument(ReadOnlySpan<byte> json, int length)
    {
        // One bit for each open level, the innermost the lowest: set for an object, clear for an array.
        var objects = 0UL;
        var depth = 0;
        var isName = false;

        // The stops of the block that are still to come: quotes, backslashes and control characters, one bit each.
        var stops = 0UL;
        var block = -Block;
        var beyondAscii = 0U;

        var at = SkipSpace(json, 0);
        while (true)
        {
            var first = ByteAt(json, at);
            if (first == '"')
            {
                // White space before it may have been stops too.
                int stop;
                do stop = NextStop(json, ref stops, ref block, ref beyondAscii);
                while (stop < at);

                while (true)
                {
                    stop = NextStop(json, ref stops, ref block, ref beyondAscii);
                    if (stop == json.Length) return false;
                    if (json[stop] == '"') break;
                    if (json[stop] != '\\' || !IsEscape(json, stop)) return false;

                    // What is escaped may be a stop itself.
                    if (json[stop + 1] is (byte)'"' or (byte)'\\') NextStop(json, ref stops, ref block, ref beyondAscii);
                }

                at = stop + 1;
                if (isName)
                {
                    at = SkipSpace(json, at);
                    if (ByteAt(json, at) != ':') return false;

                    at = SkipSpace(json, at + 1);
                    isName = false;
                    continue;
                }
            }
            else if (isName)
            {
                return false;
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (depth == MostLevels) return false;

                depth++;
                isName = first == '{';
                objects = objects << 1 | (isName ? 1UL : 0);
                at = SkipSpace(json, at + 1);
                if (ByteAt(json, at) != Close(objects)) continue;
            }
            else
            {
                at = first switch
                {
                    (byte)'t' => EndOfLiteral(json, at, "true"u8),
                    (byte)'f' => EndOfLiteral(json, at, "false"u8),
                    (byte)'n' => EndOfLiteral(json, at, "null"u8),
                    _ => EndOfNumber(json, at),
                };
                if (at < 0) return false;
            }

            // Behind a value: the ends of all that it was the last part of, then a comma or the end of the document.
            while (true)
            {
                at = SkipSpace(json, at);
                if (depth == 0) return at == length && (beyondAscii == 0 || Utf8.IsValid(json[..length]));

                var next = ByteAt(json, at++);
                if (next == ',') break;
                if (next != Close(objects)) return false;

                depth--;
                objects >>= 1;
            }

            isName = (objects & 1) != 0;
            at = SkipSpace(json, at);
        }
    }

    private static byte Close(ulong objects) => (objects & 1) != 0 ? (byte)'}' : (byte)']';

    private static bool IsEscape(ReadOnlySpan<byte> json, int at) => ByteAt(json, at + 1) switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => true,
        (byte)'u' => IsHex(json, at + 2) && IsHex(json, at + 3) && IsHex(json, at + 4) && IsHex(json, at + 5),
        _ => false,
    };

    private static bool IsHex(ReadOnlySpan<byte> json, int at) => char.IsAsciiHexDigit((char)ByteAt(json, at));

    private static int EndOfNumber(ReadOnlySpan<byte> json, int at)
    {
        if (ByteAt(json, at) == '-') at++;

        // No digit follows a leading zero.
        at = ByteAt(json, at) == '0' ? at + 1 : EndOfDigits(json, at);
        if (at >= 0 && ByteAt(json, at) == '.') at = EndOfDigits(json, at + 1);
        if (at >= 0 && ByteAt(json, at) is (byte)'e' or (byte)'E')
        {
            at = EndOfDigits(json, ByteAt(json, at + 1) is (byte)'+' or (byte)'-' ? at + 2 : at + 1);
        }

        return at;
    }

    // At least one digit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfDigits(ReadOnlySpan<byte> json, int start)
    {
        var at = start;
        while (char.IsAsciiDigit((char)ByteAt(json, at))) at++;
        return at > start ? at : None;
    }

    private static int EndOfLiteral(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> literal) =>
        json[at..].StartsWith(literal) ? at + literal.Length : None;

    // The next quote, backslash or control character, or the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextStop(ReadOnlySpan<byte> json, ref ulong stops, ref int block, ref uint beyondAscii)
    {
        while (stops == 0)
        {
            block += Block;
            if (block >= json.Length) return json.Length;

            stops = ReadBlock(json, block, ref beyondAscii);
        }

        var place = BitOperations.TrailingZeroCount(stops);
        stops &= stops - 1;
        return block + place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadBlock(ReadOnlySpan<byte> json, int start, ref uint beyondAscii)
    {
        // The last block may be shorter, and is read together with bytes before it.
        var from = Math.Min(start, json.Length - Block);
        var block = new JsonBlock(json.Slice(from, Block));
        beyondAscii |= block.BeyondAscii;
        return block.Stops >> (start - from);
    }
}
