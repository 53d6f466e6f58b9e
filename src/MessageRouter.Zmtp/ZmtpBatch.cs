using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>Messages that came, or go, together, in order. A batch never changes; a part of one is no copy.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is what the field calls it.")]
public readonly struct ZmtpBatch
{
    private readonly IFrames? _frames;
    private readonly int _start;

    /// <summary>Makes a batch of one message.</summary>
    public ZmtpBatch(ZmtpMessage message)
        : this(new MessageFrames([message]), 0, 1)
    {
    }

    /// <summary>Makes a batch of these messages.</summary>
    public ZmtpBatch(params ReadOnlySpan<ZmtpMessage> messages)
        : this(new MessageFrames(messages.ToArray()), 0, messages.Length)
    {
    }

    internal ZmtpBatch(IFrames frames, int start, int count)
    {
        _frames = frames;
        _start = start;
        Count = count;
    }

    /// <summary>The number of messages.</summary>
    public int Count { get; }

    /// <summary>The bytes of all frames of all messages.</summary>
    public long Size
    {
        get
        {
            if (TryGetPayloads(out var payloads, out var start)) return payloads.BytesOf(start, Count);
            long size = 0;
            for (var i = 0; i < Count; i++)
            {
                size += BytesAt(i).Length;
                foreach (var frame in LeadingFramesAt(i)) size += frame.Length;
            }
            return size;
        }
    }

    /// <summary>The message at <paramref name="index"/>, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public ZmtpMessage this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new ZmtpMessage(PayloadAt(index), LeadingFramesAt(index).ToArray());
        }
    }

    /// <summary>The <paramref name="count"/> messages from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ZmtpBatch Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Count, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Count - start), nameof(count));
        return count == 0 ? default : new ZmtpBatch(_frames!, _start + start, count);
    }

    /// <summary>Goes through the messages.</summary>
    public Enumerator GetEnumerator() => new(this);

    internal ReadOnlyMemory<byte> PayloadAt(int index) => _frames!.PayloadAt(_start + index);

    internal ReadOnlySpan<byte> BytesAt(int index) => _frames!.BytesAt(_start + index);

    internal ReadOnlySpan<ReadOnlyMemory<byte>> LeadingFramesAt(int index) => _frames!.LeadingFramesAt(_start + index);

    internal ReadOnlySpan<byte> FirstFrameAt(int index) => LeadingFramesAt(index) is { Length: > 0 } leading ? leading[0].Span : BytesAt(index);

    /// <summary>The messages that somebody subscribes to.</summary>
    internal ZmtpBatch Where(Subscriptions subscriptions)
    {
        if (subscriptions.MatchesAll) return this;
        var wanted = new List<ZmtpMessage>(Count);
        for (var i = 0; i < Count; i++)
        {
            if (subscriptions.Matches(FirstFrameAt(i))) wanted.Add(this[i]);
        }
        return wanted.Count == Count ? this : new ZmtpBatch(CollectionsMarshal.AsSpan(wanted));
    }

    /// <summary>The messages at these places, which are in order.</summary>
    internal ZmtpBatch At(List<int> places)
    {
        if (places.Count == Count) return this;
        var messages = new ZmtpMessage[places.Count];
        for (var i = 0; i < messages.Length; i++) messages[i] = this[places[i]];
        return new ZmtpBatch(messages);
    }

    /// <summary>The messages as payloads, where they are nothing else.</summary>
    internal bool TryGetPayloads(out Payloads payloads, out int start)
    {
        payloads = null!;
        start = 0;
        if (_frames is null || !_frames.TryGetPayloads(out payloads, out start)) return false;
        start += _start;
        return true;
    }

    /// <summary>Goes through the messages of a batch.</summary>
    public struct Enumerator
    {
        private readonly ZmtpBatch _batch;
        private int _index;

        internal Enumerator(ZmtpBatch batch)
        {
            _batch = batch;
            _index = -1;
        }

        /// <summary>The message at hand.</summary>
        public readonly ZmtpMessage Current => _batch[_index];

        /// <summary>Goes on to the next message.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext() => ++_index < _batch.Count;
    }

    private sealed class MessageFrames(ZmtpMessage[] messages) : IFrames
    {
        public ReadOnlyMemory<byte> PayloadAt(int index) => messages[index].Payload;

        public ReadOnlySpan<byte> BytesAt(int index) => messages[index].Payload.Span;

        public ReadOnlySpan<ReadOnlyMemory<byte>> LeadingFramesAt(int index) => messages[index].Leading;

        public bool TryGetPayloads(out Payloads payloads, out int start)
        {
            (payloads, start) = (null!, 0);
            return false;
        }
    }
}
