using System.Collections;
using MessageRouter.Zmtp;

namespace MessageRouter;

/// <summary>
/// Messages that travel together, in order. A batch never changes and is shared by every branch that it is sent to;
/// every limit and count speaks of messages, never of batches.
/// </summary>
public sealed class MessageBatch : IReadOnlyList<Message>, IFrames
{
    private const long NotSummed = -1;

    private readonly Message[]? _messages;
    private readonly PlainMessages? _plain;
    private readonly int _start;
    private long _bytes = NotSummed;

    /// <summary>Makes a batch of the first <paramref name="count"/> messages of an array, which it then owns.</summary>
    public MessageBatch(Message[] messages, int count)
        : this(messages, null, 0, count)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)messages.Length, nameof(count));
    }

    private MessageBatch(Message[]? messages, PlainMessages? plain, int start, int count)
    {
        _messages = messages;
        _plain = plain;
        _start = start;
        Count = count;
    }

    /// <summary>A batch of no messages.</summary>
    internal static MessageBatch Empty { get; } = new([], 0);

    /// <summary>A batch of one message.</summary>
    public static MessageBatch Of(Message message) => new([message], null, 0, 1);

    /// <summary>A batch of these messages.</summary>
    public static MessageBatch Of(params IEnumerable<Message> messages)
    {
        var array = messages.ToArray();
        return new MessageBatch(array, null, 0, array.Length);
    }

    /// <summary>A batch of messages that are nothing but payloads of one format, and of one peer or none.</summary>
    internal static MessageBatch Of(Payloads payloads, MessageFormat format, MessagePeer? peer = null) => Of(payloads, MessageDetails.Of(format, peer));

    /// <inheritdoc cref="Of(Payloads, MessageFormat, MessagePeer)"/>
    internal static MessageBatch Of(Payloads payloads, MessageDetails details) => new(null, new PlainMessages(payloads, details), 0, payloads.Count);

    /// <summary>What a peer has sent.</summary>
    /// <param name="received">The messages.</param>
    /// <param name="format">What their payloads are.</param>
    /// <param name="peer">Who that is; null where nobody will ask.</param>
    internal static MessageBatch Of(ZmtpBatch received, MessageFormat format, MessagePeer? peer = null)
    {
        if (received.TryGetPayloads(out var payloads, out var start)) return Of(payloads, format, peer).Slice(start, received.Count);
        var messages = new Message[received.Count];
        for (var i = 0; i < messages.Length; i++) messages[i] = new Message(received.PayloadAt(i), format, received.LeadingFramesAt(i).ToArray(), receipt: null, peer);
        return new MessageBatch(messages, messages.Length);
    }

    /// <summary>The number of messages.</summary>
    public int Count { get; }

    /// <summary>The message at <paramref name="index"/>.</summary>
    public Message this[int index] => Messages[index];

    /// <summary>The messages.</summary>
    public ReadOnlySpan<Message> Messages => Array.AsSpan(_start, Count);

    /// <summary>The <paramref name="count"/> messages from <paramref name="start"/> on, without a copy.</summary>
    public MessageBatch Slice(int start, int count)
    {
        if (start == 0 && count == Count) return this;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Count, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Count - start), nameof(count));
        return new MessageBatch(_messages, _plain, _start + start, count);
    }

    /// <summary>What remains after the first <paramref name="count"/> messages.</summary>
    public MessageBatch Skip(int count) => Slice(count, Count - count);

    /// <summary>How many of the first messages, at most <paramref name="most"/>, have so many bytes together.</summary>
    internal int Fitting(int most, long bytes)
    {
        if (Bytes <= bytes) return most;
        var fitting = 0;
        while (fitting < most && (bytes -= BytesAt(fitting)) >= 0) fitting++;
        return fitting;
    }

    /// <summary>The same for what has a bound in bytes: where it is empty, one message fits, however large it is.</summary>
    internal int Fitting(int most, long bytes, bool isEmpty) => Math.Max(Fitting(most, bytes), isEmpty ? Math.Min(1, most) : 0);

    /// <inheritdoc/>
    public IEnumerator<Message> GetEnumerator() => Array.AsEnumerable().Skip(_start).Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The format of messages that are nothing but payloads: they have no frames, no receipts and no trees. Null where some may.</summary>
    internal MessageFormat? PlainFormat => _plain?.Details.Format;

    /// <summary>What messages share that are nothing but payloads: their format and the peer that all of them came from. Null where some may be more.</summary>
    internal MessageDetails? PlainDetails => _plain?.Details;

    /// <summary>The bytes of all payloads and frames; summed once.</summary>
    internal long Bytes
    {
        get
        {
            var known = Volatile.Read(ref _bytes);
            if (known != NotSummed) return known;
            var bytes = _plain is not null ? _plain.Payloads.BytesOf(_start, Count) : Sum(_messages.AsSpan(_start, Count));
            Volatile.Write(ref _bytes, bytes);
            return bytes;
        }
    }

    /// <summary>The bytes that are kept in memory as long as this batch is: those of whole chunks, also of messages beside these that these were cut from.</summary>
    internal long Footprint => _plain?.Payloads.Footprint ?? Compaction.FootprintOf(_messages);

    /// <summary>
    /// These messages as a batch that keeps little else in memory, copied where others had most of a chunk: for what waits when those beside
    /// it have gone.
    /// </summary>
    internal MessageBatch Compacted() => Compaction.IsNeeded(this, outOf: _plain?.Payloads.Count ?? _messages!.Length) ? Compaction.Of(this) : this;

    /// <summary>The messages at <paramref name="first"/>, <paramref name="first"/> + <paramref name="step"/> and so on, <paramref name="count"/> of them, as a batch that keeps nothing of the others.</summary>
    internal MessageBatch Every(int first, int step, int count)
    {
        if (_plain is { AreMade: false }) return Of(_plain.Payloads.Every(_start + first, step, count), _plain.Details);
        var messages = new Message[count];
        for (var i = 0; i < count; i++) messages[i] = Messages[first + i * step];
        return new MessageBatch(messages, count);
    }

    /// <summary>The messages at these places, as a batch that keeps nothing of the others.</summary>
    internal MessageBatch At(ReadOnlySpan<int> places)
    {
        if (_plain is { AreMade: false }) return Of(_plain.Payloads.At(_start, places), _plain.Details);
        var messages = new Message[places.Length];
        for (var i = 0; i < messages.Length; i++) messages[i] = Messages[places[i]];
        return new MessageBatch(messages, messages.Length);
    }

    /// <summary>These messages, each as <see cref="Message.Written"/>.</summary>
    internal MessageBatch Written()
    {
        if (_plain is not null) return this;
        Message[]? written = null;
        for (var i = 0; i < Count; i++)
        {
            var message = Messages[i].Written();
            if (written is null && ReferenceEquals(message, Messages[i])) continue;
            written ??= Messages.ToArray();
            written[i] = message;
        }
        return written is null ? this : new MessageBatch(written, Count);
    }

    /// <summary>The message at <paramref name="index"/>; of a payload one that nobody else is given, unless somebody has asked for those of the batch.</summary>
    internal Message MessageAt(int index) => _plain is { AreMade: false } ? new Message(_plain.Payloads.PayloadAt(_start + index), _plain.Details) : Messages[index];

    /// <summary>Adds the payload at <paramref name="index"/>, where there are only payloads.</summary>
    internal void AddTo(Payloads.Builder payloads, int index) => payloads.Add(_plain!.Payloads, _start + index);

    /// <summary>What <see cref="Message.Payload"/> is of the message at <paramref name="index"/>, which need not be made for it.</summary>
    internal ReadOnlySpan<byte> PayloadAt(int index) => _plain is not null ? _plain.Payloads.BytesAt(_start + index) : _messages![_start + index].Payload.Span;

    /// <summary>The frames before the payload of the message at <paramref name="index"/>.</summary>
    internal ReadOnlySpan<ReadOnlyMemory<byte>> LeadingFramesAt(int index) => _plain is not null ? [] : _messages![_start + index].LeadingFrameArray;

    /// <summary>The same messages for the wire.</summary>
    internal ZmtpBatch ToWire() => new(this, 0, Count);

    ReadOnlyMemory<byte> IFrames.PayloadAt(int index) => _plain is not null ? _plain.Payloads.PayloadAt(_start + index) : _messages![_start + index].Payload;

    ReadOnlySpan<byte> IFrames.BytesAt(int index) => PayloadAt(index);

    ReadOnlySpan<ReadOnlyMemory<byte>> IFrames.LeadingFramesAt(int index) => LeadingFramesAt(index);

    bool IFrames.TryGetPayloads(out Payloads payloads, out int start)
    {
        (payloads, start) = (_plain?.Payloads!, _start);
        return _plain is not null;
    }

    /// <summary>What <see cref="Message.Size"/> is of the message at <paramref name="index"/>.</summary>
    internal long SizeAt(int index) => _plain is not null ? _plain.Payloads.LengthAt(_start + index) : _messages![_start + index].Size;

    /// <summary>What of <see cref="Bytes"/> is of the message at <paramref name="index"/>.</summary>
    internal long BytesAt(int index) => _plain is not null ? _plain.Payloads.LengthAt(_start + index) : _messages![_start + index].Bytes;

    /// <summary>The payload of the message at <paramref name="index"/> where it was given as bytes.</summary>
    internal ReadOnlyMemory<byte> AsGivenAt(int index) => _plain is not null ? _plain.Payloads.PayloadAt(_start + index) : _messages![_start + index].AsGiven;

    private Message[] Array => _messages ?? _plain!.Messages;

    private static long Sum(ReadOnlySpan<Message> messages)
    {
        long bytes = 0;
        foreach (var message in messages) bytes += message.Bytes;
        return bytes;
    }
}
