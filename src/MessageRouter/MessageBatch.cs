using System.Collections;

namespace MessageRouter;

/// <summary>
/// Messages that travel together, in order. A batch never changes and is shared by every branch that it is sent to;
/// every limit and count speaks of messages, never of batches.
/// </summary>
public sealed class MessageBatch : IReadOnlyList<Message>
{
    private readonly Message[] _messages;
    private readonly int _start;

    /// <summary>Makes a batch of the first <paramref name="count"/> messages of an array, which it then owns.</summary>
    public MessageBatch(Message[] messages, int count)
        : this(messages, 0, count)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)messages.Length, nameof(count));
    }

    private MessageBatch(Message[] messages, int start, int count)
    {
        _messages = messages;
        _start = start;
        Count = count;
    }

    /// <summary>A batch of one message.</summary>
    public static MessageBatch Of(Message message) => new([message], 0, 1);

    /// <summary>A batch of these messages.</summary>
    public static MessageBatch Of(params IEnumerable<Message> messages)
    {
        var array = messages.ToArray();
        return new MessageBatch(array, 0, array.Length);
    }

    /// <summary>The number of messages.</summary>
    public int Count { get; }

    /// <summary>The message at <paramref name="index"/>.</summary>
    public Message this[int index] => Messages[index];

    /// <summary>The messages.</summary>
    public ReadOnlySpan<Message> Messages => _messages.AsSpan(_start, Count);

    /// <summary>The <paramref name="count"/> messages from <paramref name="start"/> on, without a copy.</summary>
    public MessageBatch Slice(int start, int count)
    {
        if (start == 0 && count == Count) return this;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Count, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Count - start), nameof(count));
        return new MessageBatch(_messages, _start + start, count);
    }

    /// <summary>What remains after the first <paramref name="count"/> messages.</summary>
    public MessageBatch Skip(int count) => Slice(count, Count - count);

    /// <inheritdoc/>
    public IEnumerator<Message> GetEnumerator() => _messages.AsEnumerable().Skip(_start).Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
