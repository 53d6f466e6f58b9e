using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>Messages of one frame, as nearly all are: where their bytes are, and nothing else.</summary>
/// <remarks>
/// A reference for each chunk of bytes and 8 bytes for each payload: what waits in a queue is looked through and moved by the garbage
/// collector, and a reference for each message took it twice as long.
/// </remarks>
internal sealed class Payloads : IFrames
{
    /// <summary>The most that there can be together.</summary>
    public const int Most = ushort.MaxValue + 1;

    private readonly byte[][] _chunks;
    private readonly Place[] _places;

    private Payloads(byte[][] chunks, Place[] places, long bytes, long footprint)
    {
        _chunks = chunks;
        _places = places;
        Bytes = bytes;
        Footprint = footprint;
    }

    public int Count => _places.Length;

    /// <summary>The bytes of all payloads.</summary>
    public long Bytes { get; }

    /// <summary>The bytes that are kept in memory for them: those of whole chunks.</summary>
    public long Footprint { get; }

    /// <summary>Where the payloads are.</summary>
    public ReadOnlySpan<Place> Places => _places;

    public byte[] Chunk(Place place) => _chunks[place.Chunk];

    public int LengthAt(int index) => _places[index].Length;

    public long BytesOf(int start, int count)
    {
        if (count == _places.Length) return Bytes;
        long bytes = 0;
        foreach (var place in _places.AsSpan(start, count)) bytes += place.Length;
        return bytes;
    }

    public ReadOnlyMemory<byte> PayloadAt(int index)
    {
        var place = _places[index];
        return _chunks[place.Chunk].AsMemory(place.Start, place.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> BytesAt(int index)
    {
        var place = _places[index];
        return _chunks[place.Chunk].AsSpan(place.Start, place.Length);
    }

    /// <summary>The payloads at <paramref name="first"/>, <paramref name="first"/> + <paramref name="step"/> and so on, without the chunks of the others.</summary>
    public Payloads Every(int first, int step, int count)
    {
        var some = new Builder(count);
        for (var i = 0; i < count; i++)
        {
            var place = _places[first + i * step];
            some.Add(_chunks[place.Chunk], place.Start, place.Length);
        }
        return some.Take();
    }

    /// <summary>The payloads at these places, counted from <paramref name="start"/>, without the chunks of the others.</summary>
    public Payloads At(int start, ReadOnlySpan<int> places)
    {
        var some = new Builder(places.Length);
        foreach (var each in places)
        {
            var place = _places[start + each];
            some.Add(_chunks[place.Chunk], place.Start, place.Length);
        }
        return some.Take();
    }

    ReadOnlySpan<ReadOnlyMemory<byte>> IFrames.LeadingFramesAt(int index) => [];

    bool IFrames.TryGetPayloads(out Payloads payloads, out int start)
    {
        (payloads, start) = (this, 0);
        return true;
    }

    /// <summary>Where a payload is: the number of its chunk, and the place there.</summary>
    public readonly record struct Place(ushort Chunk, ushort Start, int Length);

    /// <summary>Gathers payloads; those that share an array should come one after the other.</summary>
    public sealed class Builder(int capacity = 0)
    {
        private readonly List<byte[]> _chunks = [];
        private readonly List<Place> _places = new(capacity);
        private long _bytes;
        private long _footprint;

        public int Count => _places.Count;

        /// <summary>Adds a payload, which must not change any more.</summary>
        public void Add(ReadOnlyMemory<byte> payload)
        {
            if (!MemoryMarshal.TryGetArray(payload, out var part) || part.Offset > ushort.MaxValue) part = payload.ToArray();
            Add(part.Array!, (ushort)part.Offset, part.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(byte[] chunk, ushort start, int length)
        {
            if (_chunks.Count == 0 || !ReferenceEquals(_chunks[^1], chunk))
            {
                _chunks.Add(chunk);
                _footprint += chunk.Length;
            }
            _places.Add(new Place(checked((ushort)(_chunks.Count - 1)), start, length));
            _bytes += length;
        }

        /// <summary>Adds one of the payloads that were gathered before.</summary>
        public void Add(Payloads other, int index)
        {
            var place = other._places[index];
            Add(other._chunks[place.Chunk], place.Start, place.Length);
        }

        public void Clear()
        {
            _chunks.Clear();
            _places.Clear();
            (_bytes, _footprint) = (0, 0);
        }

        /// <summary>Takes what was gathered, at most <see cref="Most"/> payloads.</summary>
        public Payloads Take()
        {
            var taken = new Payloads([.. _chunks], [.. _places], _bytes, _footprint);
            Clear();
            return taken;
        }
    }
}
