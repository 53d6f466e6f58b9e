using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace MessageRouter.Json;

/// <summary>
/// Recognises a JSON document in one pass over its bytes, several times as fast as a reader that reports each token.
/// </summary>
internal ref struct JsonScan
{
    // As many bytes as a mask has bits, so that a shift by a position is one by the place in its block.
    private const int Block = 64;
    private const int HalfBlock = Block / 2;
    private const int None = -1;

    // No more than the mask of open levels has bits.
    private const int MostLevels = JsonCheck.MaxDepth < 64 ? JsonCheck.MaxDepth : 64;
    private const byte LastControl = 0x1F;

    private readonly ReadOnlySpan<byte> _json;
    private readonly int _length;
    private ulong _stops;
    private int _blockEnd;
    private uint _beyondAscii;

    private JsonScan(ReadOnlySpan<byte> json, int length)
    {
        _json = json;
        _length = length;
    }

    /// <summary>
    /// True only for a strict document in valid UTF-8 that is not too deep. False means that the scan does not vouch for
    /// the document; what is wrong with it, if anything, it does not tell.
    /// </summary>
    public static bool Accepts(ReadOnlySpan<byte> json)
    {
        if (json.Length >= Block) return new JsonScan(json, json.Length).IsDocument();

        // A whole block can be read from it; the NULs behind the document are accepted nowhere.
        Span<byte> padded = stackalloc byte[Block];
        padded.Clear();
        json.CopyTo(padded);
        return new JsonScan(padded, json.Length).IsDocument();
    }

    private bool IsDocument()
    {
        // One bit for each open level, the innermost the lowest: set for an object, clear for an array.
        var objects = 0UL;
        var depth = 0;
        var at = 0;
        while (true)
        {
            at = SkipSpace(at);
            if ((objects & 1) != 0)
            {
                at = EndOfName(at);
                if (at < 0) return false;
            }

            var first = ByteAt(at);
            if (first == '"')
            {
                at = EndOfString(at);
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (depth == MostLevels) return false;

                depth++;
                objects = objects << 1 | (first == '{' ? 1UL : 0);
                at = SkipSpace(at + 1);
                if (ByteAt(at) != Close(objects)) continue;
            }
            else
            {
                at = first switch
                {
                    (byte)'t' => EndOfLiteral(at, "true"u8),
                    (byte)'f' => EndOfLiteral(at, "false"u8),
                    (byte)'n' => EndOfLiteral(at, "null"u8),
                    _ => EndOfNumber(at),
                };
            }

            if (at < 0) return false;

            // Behind a value: the ends of all that it was the last part of, then a comma or the end of the document.
            while (true)
            {
                at = SkipSpace(at);
                if (depth == 0) return at == _length && IsUtf8();

                var next = ByteAt(at++);
                if (next == ',') break;
                if (next != Close(objects)) return false;

                depth--;
                objects >>= 1;
            }
        }
    }

    private static byte Close(ulong objects) => (objects & 1) != 0 ? (byte)'}' : (byte)']';

    // From the quote before a name to the value.
    private int EndOfName(int at)
    {
        if (ByteAt(at) != '"') return None;

        at = EndOfString(at);
        if (at < 0) return None;

        at = SkipSpace(at);
        return ByteAt(at) == ':' ? SkipSpace(at + 1) : None;
    }

    private int EndOfString(int at)
    {
        at++;
        while (true)
        {
            at = NextStop(at);
            if (at < 0) return None;
            if (_json[at] == '"') return at + 1;
            if (_json[at] != '\\') return None;

            at = EndOfEscape(at);
            if (at < 0) return None;
        }
    }

    private readonly int EndOfEscape(int at) => ByteAt(at + 1) switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => at + 2,
        (byte)'u' when IsHex(at + 2) && IsHex(at + 3) && IsHex(at + 4) && IsHex(at + 5) => at + 6,
        _ => None,
    };

    private readonly bool IsHex(int at) => char.IsAsciiHexDigit((char)ByteAt(at));

    private readonly int EndOfNumber(int at)
    {
        if (ByteAt(at) == '-') at++;

        // No digit follows a leading zero.
        at = ByteAt(at) == '0' ? at + 1 : EndOfDigits(at);
        if (at >= 0 && ByteAt(at) == '.') at = EndOfDigits(at + 1);
        if (at >= 0 && ByteAt(at) is (byte)'e' or (byte)'E')
        {
            at = EndOfDigits(ByteAt(at + 1) is (byte)'+' or (byte)'-' ? at + 2 : at + 1);
        }

        return at;
    }

    // At least one digit.
    private readonly int EndOfDigits(int start)
    {
        var at = start;
        while (char.IsAsciiDigit((char)ByteAt(at))) at++;
        return at > start ? at : None;
    }

    private readonly int EndOfLiteral(int at, ReadOnlySpan<byte> literal) =>
        _json[at..].StartsWith(literal) ? at + literal.Length : None;

    private readonly int SkipSpace(int at)
    {
        // Most documents have little, and then the first comparison tells.
        while (ByteAt(at) is <= (byte)' ' and ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) at++;
        return at;
    }

    // NUL, which can stand nowhere in a document, is also what is behind its end.
    private readonly byte ByteAt(int at) => (uint)at < (uint)_json.Length ? _json[at] : (byte)0;

    // The next quote, backslash or control character.
    private int NextStop(int at)
    {
        while (true)
        {
            if (at < _blockEnd)
            {
                var stops = _stops >> at;
                if (stops != 0) return at + BitOperations.TrailingZeroCount(stops);

                at = _blockEnd;
            }

            if (at >= _json.Length) return None;

            ReadBlock(at & -Block);
        }
    }

    private void ReadBlock(int start)
    {
        // The last block may be shorter, and is read together with bytes before it.
        var from = Math.Min(start, _json.Length - Block);
        var bytes = _json.Slice(from, Block);
        var low = Vector256.Create(bytes[..HalfBlock]);
        var high = Vector256.Create(bytes[HalfBlock..]);
        _beyondAscii |= (low | high).ExtractMostSignificantBits();
        _stops = (Stops(low) | (ulong)Stops(high) << HalfBlock) >> (start - from);
        _blockEnd = Math.Min(start + Block, _json.Length);
    }

    private static uint Stops(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.Equals(bytes, Vector256.Min(bytes, Vector256.Create(LastControl)))).ExtractMostSignificantBits();

    // All strings have been seen, and elsewhere only ASCII is accepted.
    private readonly bool IsUtf8() => _beyondAscii == 0 || Utf8.IsValid(_json);
}
