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
        if (payload.Length > Largest) return payload.ToArray();
        if (payload.Length > _chunk.Length - _used)
        {
            _chunk = GC.AllocateUninitializedArray<byte>(ChunkSize);
            _used = 0;
        }
        var copy = _chunk.AsMemory(_used, payload.Length);
        payload.CopyTo(copy.Span);
        _used += payload.Length;
        return copy;
    }
}
