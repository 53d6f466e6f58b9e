namespace MessageRouter.Json;

/// <summary>Tells, block after block, what of a checked document is in strings.</summary>
internal struct JsonStrings
{
    private const ulong OddPlaces = 0xAAAA_AAAA_AAAA_AAAA;

    private ulong _inString;
    private ulong _escapes;

    /// <summary>One bit for each byte of the next block: set from an opening quote to the byte before the closing one.</summary>
    public ulong Next(in JsonBlock block)
    {
        var quotes = block.Where((byte)'"') & ~Escaped(block.Where((byte)'\\'));
        var strings = ToNext(quotes) ^ _inString;
        _inString = (ulong)((long)strings >> 63);
        return strings;
    }

    // Each bit becomes the parity of all bits up to it.
    private static ulong ToNext(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ bits << 32;
    }

    // In a run of backslashes every other one escapes. What a subtraction carries through the runs tells which of them begin at odd
    // places, all of a block at once.
    private ulong Escaped(ulong backslashes)
    {
        if (backslashes == 0)
        {
            var first = _escapes;
            _escapes = 0;
            return first;
        }

        var canEscape = backslashes & ~_escapes;
        var ends = (((canEscape << 1) | OddPlaces) - canEscape) ^ OddPlaces;
        var escaped = ends ^ (backslashes | _escapes);
        _escapes = (ends & backslashes) >> 63;
        return escaped;
    }
}
