using System.Buffers;
using System.Runtime.CompilerServices;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>Gathers frames that are written to a connection together.</summary>
internal sealed class SendBuffer
{
    private const int Size = 64 << 10;

    private byte[] _bytes = [];

    /// <summary>Seals what is added; null where frames go as they are.</summary>
    public IFrameCipher? Cipher { get; set; }

    /// <summary>What was added and what has become of it.</summary>
    public SentLog Log { get; } = new();

    /// <summary>Bytes that were added and not taken away.</summary>
    public int Used { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Used);

    private int Room => _bytes.Length - Used;

    /// <summary>Takes memory from the pool, until it is given back.</summary>
    public byte[] Rent() => _bytes = ArrayPool<byte>.Shared.Rent(Size);

    public void Clear() => Used = 0;

    public int SizeAt(ZmtpBatch batch, int index)
    {
        var size = SizeOf(batch.BytesAt(index).Length);
        foreach (var frame in batch.LeadingFramesAt(index)) size = checked(size + SizeOf(frame.Length));
        return size;
    }

    /// <summary>Adds a command.</summary>
    /// <param name="frame">As it goes where nothing is sealed.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryAddCommand(ReadOnlySpan<byte> frame)
    {
        var body = frame[((frame[0] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader)..];
        var size = SizeOf(body.Length);
        if (size > Room) return false;
        if (Cipher is null) Add(frame);
        else AddSealed(Cipher, FrameFlags.Sealed.Command, body);
        Log.AddOther(size);
        return true;
    }

    /// <summary>Adds part of a message that the log knows already.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAddFrame(ReadOnlySpan<byte> body, bool more)
    {
        if (FrameFlags.LongestHeader + (Cipher?.Overhead ?? 0) + body.Length > Room) return false;
        AddFrame(body, more);
        return true;
    }

    /// <summary>Adds the beginning of a frame whose body follows by itself.</summary>
    /// <returns>That body: what it was given, or that sealed. Null where there is no room.</returns>
    public ReadOnlyMemory<byte>? TryAddHeader(ReadOnlyMemory<byte> body, bool more)
    {
        if (FrameFlags.LongestHeader > Room) return null;
        if (Cipher is null)
        {
            AddHeader(body.Length, more);
            return body;
        }
        var whole = new byte[body.Length + Cipher.Overhead];
        Cipher.Seal(more ? FrameFlags.More : (byte)0, body.Span, whole);
        AddHeader(whole.Length, more: false);
        return whole;
    }

    /// <summary>Adds the messages from <paramref name="first"/> on, as many as there is room for.</summary>
    /// <returns>How many those were.</returns>
    public int Add(ZmtpBatch batch, int first)
    {
        if (Cipher is null && batch.TryGetPayloads(out var payloads, out var start)) return Add(payloads, payloads.Places.Slice(start + first, batch.Count - first));
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

    private int SizeOf(int body)
    {
        var size = body + (Cipher?.Overhead ?? 0);
        return checked(FrameFlags.HeaderOf(size) + size);
    }

    private void AddFrame(ReadOnlySpan<byte> body, bool more)
    {
        if (Cipher is not null)
        {
            AddSealed(Cipher, more ? FrameFlags.More : (byte)0, body);
            return;
        }
        AddHeader(body.Length, more);
        Add(body);
    }

    private void AddSealed(IFrameCipher cipher, byte flags, ReadOnlySpan<byte> payload)
    {
        var size = payload.Length + cipher.Overhead;
        AddHeader(size, more: false);
        cipher.Seal(flags, payload, _bytes.AsSpan(Used, size));
        Used += size;
    }

    private void AddHeader(int size, bool more) => Used += FrameFlags.WriteHeader(_bytes.AsSpan(Used), more ? FrameFlags.More : (byte)0, size);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(Used));
        Used += bytes.Length;
    }
}
