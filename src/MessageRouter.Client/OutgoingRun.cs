using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MessageRouter.Client;

/// <summary>
/// Messages that lie one after the other, of which the oldest is taken first: as frames, and where one is written when it leaves a mark that says in which place it waits. Who uses a run
/// keeps a copy of it, and copies may be used on different threads as long as they have no message in common.
/// </summary>
internal struct OutgoingRun(byte[] bytes)
{
    /// <summary>Stands where a frame of the wire has its flags.</summary>
    private const byte Mark = 0x80;

    /// <summary>What a mark takes: itself, the number of the type and that of the place.</summary>
    public const int MarkSize = 1 + sizeof(int) + sizeof(int);

    private int _begin;
    private int _end;

    /// <summary>By the number of the type; only ever replaced by one that has more.</summary>
    private DeferredPlaces?[] _places = [];

    public readonly int Room => bytes.Length - _end;

    /// <summary>What it holds, leaving nothing in it; what is added later does not touch that.</summary>
    public OutgoingRun TakeAll()
    {
        var all = this;
        _begin = _end;
        return all;
    }

    /// <summary>Begins anew at the front, when nothing is left in it.</summary>
    public void Empty()
    {
        (_begin, _end) = (0, 0);
        foreach (ref var places in _places.AsSpan())
        {
            if (places?.Empty() == false) places = null;
        }
    }

    public void Add(ReadOnlySpan<byte> payload) => _end += OutgoingFrame.Write(bytes.AsSpan(_end), payload);

    /// <returns>Whether there was a place for it.</returns>
    public bool TryAdd<TMessage>(in TMessage message)
        where TMessage : struct, IDeferredMessage
    {
        var kind = DeferredPlaces<TMessage>.Kind;
        if (kind >= _places.Length) Array.Resize(ref _places, kind + 1);
        var places = Unsafe.As<DeferredPlaces<TMessage>>(_places[kind] ??= new DeferredPlaces<TMessage>());
        var place = places.Add(message);
        if (place < 0) return false;
        bytes[_end] = Mark;
        MemoryMarshal.Write(bytes.AsSpan(_end + 1), kind);
        MemoryMarshal.Write(bytes.AsSpan(_end + 1 + sizeof(int)), place);
        _end += MarkSize;
        return true;
    }

    /// <summary>Takes the oldest message: its payload, or what will write that.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> payload, out DeferredMessage? deferred)
    {
        (payload, deferred) = (default, null);
        if (_begin == _end) return false;
        if (bytes[_begin] == Mark)
        {
            var kind = MemoryMarshal.Read<int>(bytes.AsSpan(_begin + 1));
            deferred = new DeferredMessage(_places[kind]!, MemoryMarshal.Read<int>(bytes.AsSpan(_begin + 1 + sizeof(int))));
            _begin += MarkSize;
            return true;
        }
        var length = OutgoingFrame.LengthOfFirst(bytes.AsSpan(_begin));
        _begin += OutgoingFrame.SizeOf(length);
        payload = bytes.AsMemory(_begin - length, length);
        return true;
    }
}
