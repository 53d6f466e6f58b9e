using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MessageRouter.Zmtp;

/// <summary>Gathers frames that are written to a connection together.</summary>
internal sealed class SendBuffer
{
    private const int Size = 64 << 10;

    private byte[] _bytes = [];

    /// <summary>What was added and what has become of it.</summary>
    public SentLog Log { get; } = new();

    /// <summary>Bytes that were added and not taken away.</summary>
    public int Used { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Used);

    private int Room => _bytes.Length - Used;

    /// <summary>Takes memory from the pool, until it is given back.</summary>
    public byte[] Rent() => _bytes = ArrayPool<byte>.Shared.Rent(Size);

    public void Clear() => Used = 0;

    public static int SizeAt(ZmtpBatch batch, int index)
    {
        var payload = batch.BytesAt(index).Length;
        var size = FrameFlags.HeaderOf(payload) + payload;
        foreach (var frame in batch.LeadingFramesAt(index)) size = checked(size + FrameFlags.HeaderOf(frame.Length) + frame.Length);
        return size;
    }

    /// <summary>Adds a frame that is no message.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAddOther(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > Room) return false;
        Add(frame);
        Log.AddOther(frame.Length);
        return true;
    }

    /// <summary>Adds part of a message that the log knows already.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAddFrame(ReadOnlySpan<byte> body, bool more)
    {
        if (FrameFlags.LongestHeader + body.Length > Room) return false;
        AddFrame(body, more);
        return true;
    }

    /// <summary>Adds the beginning of a frame whose body follows by itself.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAddHeader(int size, bool more)
    {
        if (FrameFlags.LongestHeader > Room) return false;
        AddHeader(size, more);
        return true;
    }

    /// <summary>Adds the messages from <paramref name="first"/> on, as many as there is room for.</summary>
    /// <returns>How many those were.</returns>
    public int Add(ZmtpBatch batch, int first)
    {
        if (batch.TryGetPayloads(out var payloads, out var start)) return Add(payloads, payloads.Places.Slice(start + first, batch.Count - first));
        for (var i = first; i < batch.Count; i++)
        {
            var size = SizeAt(batch, i);
            if (size > Room) return i - first;
            Log.AddMessage(size);
            foreach (var frame in batch.LeadingFramesAt(i)) AddFrame(frame.Span, more: true);
            AddFrame(batch.BytesAt(i), more: false);
        }
        return batch.Count - first;
    }

    /// <summary>
    /// Messages that came from a peer still have before them the header with which they came, and behind them the next one: neighbours are
    /// copied together. That a header is there is seen in the bytes.
    /// </summary>
    private int Add(Payloads payloads, ReadOnlySpan<Payloads.Place> places)
    {
        for (var i = 0; i < places.Length;)
        {
            var place = places[i];
            var chunk = payloads.Chunk(place);
            var begin = FrameAt(chunk, place);
            if (begin < 0)
            {
                var size = FrameFlags.HeaderOf(place.Length) + place.Length;
                if (size > Room) return i;
                Log.AddMessage(size);
                AddFrame(chunk.AsSpan(place.Start, place.Length), more: false);
                i++;
                continue;
            }

            var (number, end, most) = (place.Chunk, begin, begin + Room);
            for (; i < places.Length; i++)
            {
                place = places[i];
                var next = place.Start + place.Length;
                if (place.Chunk != number || next > most || FrameAt(chunk, place) != end) break;
                Log.AddMessage(next - end);
                end = next;
            }
            if (end == begin) return i;
            Add(chunk.AsSpan(begin, end - begin));
        }
        return places.Length;
    }

    /// <summary>Where the frame of a message begins; -1 where there is no header before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FrameAt(byte[] chunk, Payloads.Place place)
    {
        var begin = place.Start - FrameFlags.HeaderOf(place.Length);
        return begin >= 0 && FrameFlags.IsWholeMessage(chunk.AsSpan(begin), out var size) && size == (ulong)place.Length ? begin : -1;
    }

    private void AddFrame(ReadOnlySpan<byte> body, bool more)
    {
        AddHeader(body.Length, more);
        Add(body);
    }

    private void AddHeader(int size, bool more)
    {
        var flags = more ? FrameFlags.More : (byte)0;
        var target = _bytes.AsSpan(Used);
        var header = FrameFlags.HeaderOf(size);
        if (header == FrameFlags.ShortestHeader)
        {
            target[0] = flags;
            target[1] = (byte)size;
        }
        else
        {
            target[0] = (byte)(flags | FrameFlags.Long);
            BinaryPrimitives.WriteUInt64BigEndian(target[1..], (ulong)size);
        }
        Used += header;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(Used));
        Used += bytes.Length;
    }
}
