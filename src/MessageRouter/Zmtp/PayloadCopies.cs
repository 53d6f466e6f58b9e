namespace MessageRouter.Zmtp;

/// <summary>
/// Copies payloads into chunks that neighbours share: an allocation for many messages, and small enough that one message kept for long
/// keeps little else in memory.
/// </summary>
internal sealed class PayloadCopies
{
    private const int ChunkSize = 4 << 10;

    /// <summary>What is larger has memory of its own, so that little of a chunk is left empty.</summary>
    private const int Largest = ChunkSize / 4;

    private byte[] _chunk = [];
    private int _used;

    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> payload)
    {
        var copy = Take(payload.Length);
        payload.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Memory for one payload, to be written by who takes it and by nobody afterwards.</summary>
    public Memory<byte> Take(int length)
    {
        if (length > Largest) return GC.AllocateUninitializedArray<byte>(length);
        if (length > _chunk.Length - _used)
        {
            _chunk = GC.AllocateUninitializedArray<byte>(ChunkSize);
            _used = 0;
        }
        var taken = _chunk.AsMemory(_used, length);
        _used += length;
        return taken;
    }
}
