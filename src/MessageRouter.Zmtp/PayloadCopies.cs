namespace MessageRouter.Zmtp;

/// <summary>
/// Copies payloads into chunks that neighbours share: an allocation for many messages, and small enough that one message kept for long
/// keeps little else in memory.
/// </summary>
/// <param name="expected">The bytes of all payloads that are to be copied, so that the last chunk need not be larger than what is left.</param>
internal sealed class PayloadCopies(long expected = long.MaxValue)
{
    private const int ChunkSize = 4 << 10;

    /// <summary>What is larger has memory of its own, so that little of a chunk is left empty.</summary>
    private const int Largest = ChunkSize / 4;

    private byte[] _chunk = [];
    private int _used;
    private long _left = expected;

    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> payload)
    {
        var copy = Take(payload.Length);
        payload.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Memory for one payload, to be written by who takes it and by nobody afterwards.</summary>
    public Memory<byte> Take(int length)
    {
        var taken = length > Largest ? GC.AllocateUninitializedArray<byte>(length) : Shared(length);
        _left -= length;
        return taken;
    }

    private Memory<byte> Shared(int size)
    {
        if (size > _chunk.Length - _used)
        {
            _chunk = GC.AllocateUninitializedArray<byte>((int)Math.Min(ChunkSize, Math.Max(size, _left)));
            _used = 0;
        }
        var part = _chunk.AsMemory(_used, size);
        _used += size;
        return part;
    }
}
