namespace MessageRouter.Client;

/// <summary>Messages that stand one after the other in memory, each as a frame or, where it is still to be written, as a mark; those are a list beside it.</summary>
internal struct OutgoingRun(byte[] bytes)
{
    /// <summary>Stands where a frame of the wire has its flags.</summary>
    private const byte Mark = 0x80;

    private int _begin;
    private int _end;
    private DeferredMessage? _first;
    private DeferredMessage? _last;

    public readonly int Room => bytes.Length - _end;

    /// <summary>What it holds, leaving nothing in it; what is added later does not touch that.</summary>
    public OutgoingRun TakeAll()
    {
        var all = this;
        (_begin, _first, _last) = (_end, null, null);
        return all;
    }

    public void Add(ReadOnlySpan<byte> payload) => _end += OutgoingFrame.Write(bytes.AsSpan(_end), payload);

    public void Add(DeferredMessage message)
    {
        bytes[_end++] = Mark;
        if (_last is null) _first = message;
        else _last.Next = message;
        _last = message;
    }

    /// <summary>Takes the oldest message: its payload, or what will write that.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> payload, out DeferredMessage? deferred)
    {
        (payload, deferred) = (default, null);
        if (_begin == _end) return false;
        if (bytes[_begin] == Mark)
        {
            _begin++;
            deferred = _first!;
            _first = deferred.Next;
            if (_first is null) _last = null;

            // What has gone must not keep alive what came after it.
            deferred.Next = null;
            return true;
        }
        var length = OutgoingFrame.LengthOfFirst(bytes.AsSpan(_begin));
        _begin += OutgoingFrame.SizeOf(length);
        payload = bytes.AsMemory(_begin - length, length);
        return true;
    }
}
