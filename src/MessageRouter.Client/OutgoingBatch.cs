using MessageRouter.Zmtp;

namespace MessageRouter.Client;

/// <summary>Gathers what the socket is given at once, in memory of its own: that of the queue is used again.</summary>
internal sealed class OutgoingBatch
{
    private const int PageSize = 64 << 10;

    /// <summary>What is larger has memory of its own.</summary>
    private const int LargestShared = PageSize / 4;

    private const int MostMessages = 512;

    private readonly ZmtpBatchBuilder _builder = new();
    private byte[] _page = [];
    private int _used;
    private int _bytes;

    public int Count => _builder.Count;

    public bool IsEmpty => Count == 0;

    /// <summary>Whether it is to be handed over before anything else is added.</summary>
    public bool IsFull => Count >= MostMessages || _bytes >= PageSize;

    public void Add(ReadOnlySpan<byte> payload)
    {
        var size = OutgoingFrame.SizeOf(payload.Length);
        var target = size > LargestShared ? GC.AllocateUninitializedArray<byte>(size) : Page(size);
        var start = target == _page ? _used : 0;
        OutgoingFrame.Write(target.AsSpan(start), payload);
        if (target == _page) _used += size;
        _bytes += size;
        _builder.Add(target.AsMemory(start + size - payload.Length, payload.Length));
    }

    public ZmtpBatch Build()
    {
        _bytes = 0;
        return _builder.Build();
    }

    private byte[] Page(int size)
    {
        if (size <= _page.Length - _used) return _page;
        _used = 0;
        return _page = GC.AllocateUninitializedArray<byte>(PageSize);
    }
}
