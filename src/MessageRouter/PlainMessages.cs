using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MessageRouter;

/// <summary>
/// Messages of which there is nothing but the payload, as nearly all come in. Who only checks or writes bytes needs no more; the messages
/// themselves are made when somebody asks for one.
/// </summary>
/// <remarks>
/// A reference for each chunk of bytes and 8 bytes for each payload: what waits in a mailbox is looked through and moved by the garbage
/// collector, and a reference for each message took it twice as long.
/// </remarks>
internal sealed class PlainMessages
{
    /// <summary>The most that there can be together.</summary>
    public const int Most = ushort.MaxValue + 1;

    private readonly byte[][] _chunks;
    private readonly Place[] _places;
    private Message[]? _messages;

    private PlainMessages(byte[][] chunks, Place[] places, long bytes, long footprint, MessageFormat format)
    {
        _chunks = chunks;
        _places = places;
        Bytes = bytes;
        Footprint = footprint;
        Format = format;
    }

    public MessageFormat Format { get; }

    public int Count => _places.Length;

    /// <summary>The bytes of all payloads.</summary>
    public long Bytes { get; }

    /// <summary>The bytes that are kept in memory for them: those of whole chunks.</summary>
    public long Footprint { get; }

    /// <summary>Whether somebody has asked for the messages.</summary>
    public bool AreMade => Volatile.Read(ref _messages) is not null;

    /// <summary>The messages, the same ones for all who ask.</summary>
    public Message[] Messages => Volatile.Read(ref _messages) ?? Make();

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
    public PlainMessages Every(int first, int step, int count)
    {
        var some = new Builder(count);
        for (var i = 0; i < count; i++)
        {
            var place = _places[first + i * step];
            some.Add(_chunks[place.Chunk], place.Start, place.Length);
        }
        return some.Take(Format);
    }

    private Message[] Make()
    {
        var made = new Message[_places.Length];
        for (var i = 0; i < made.Length; i++) made[i] = new Message(PayloadAt(i), Format);
        return Interlocked.CompareExchange(ref _messages, made, null) ?? made;
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
        public void Add(PlainMessages other, int index)
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
        public PlainMessages Take(MessageFormat format)
        {
            var taken = new PlainMessages([.. _chunks], [.. _places], _bytes, _footprint, format);
            Clear();
            return taken;
        }
    }
}
