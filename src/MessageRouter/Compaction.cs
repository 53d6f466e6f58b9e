using System.Runtime.InteropServices;
using MessageRouter.Zmtp;

namespace MessageRouter;

/// <summary>
/// Has messages keep little else in memory than themselves. Small payloads share chunks, and one message that waits when its neighbours have
/// gone would keep a whole chunk: a filter that lets one of forty pass would have its target's mailbox hold forty times what is in it.
/// </summary>
internal static class Compaction
{
    /// <summary>Messages before a peer or copy with which it keeps up: what comes behind more waits longer than what others got of the same memory.</summary>
    public const int FewWaiting = 64;

    /// <summary>How many times as much as their own bytes may be kept for messages.</summary>
    private const int Most = 2;

    /// <param name="batch">The messages.</param>
    /// <param name="outOf">How many there are in what they were cut from.</param>
    public static bool IsNeeded(MessageBatch batch, int outOf) => batch.Count < outOf / 2 || batch.Footprint > Most * batch.Bytes;

    public static MessageBatch Of(MessageBatch batch)
    {
        var copied = new bool[batch.Count];
        var copies = new PayloadCopies(FindSparse(batch, copied));
        return CommonDetails(batch) is { } details ? ToPlain(batch, copied, copies, details) : ToMessages(batch, copied, copies);
    }

    /// <summary>The bytes of the arrays in which messages lie; what follows a gap does not count.</summary>
    public static long FootprintOf(ReadOnlySpan<Message?> messages)
    {
        long footprint = 0;
        byte[]? last = null;
        foreach (var message in messages)
        {
            if (message is null) break;
            foreach (var frame in message.LeadingFrameArray) Add(frame);
            Add(message.AsGiven);
        }
        return footprint;

        void Add(ReadOnlyMemory<byte> bytes)
        {
            var chunk = ChunkOf(bytes);
            if (chunk is not null && ReferenceEquals(chunk, last)) return;
            footprint += chunk?.Length ?? bytes.Length;
            last = chunk;
        }
    }

    public static byte[]? ChunkOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var part) ? part.Array : null;

    /// <summary>Marks the messages that have too little of their chunk.</summary>
    /// <returns>The bytes of their payloads.</returns>
    private static long FindSparse(MessageBatch batch, Span<bool> sparse)
    {
        long all = 0;
        for (var begin = 0; begin < batch.Count;)
        {
            var chunk = ChunkOf(batch.AsGivenAt(begin));
            var (end, bytes, hasFrames) = (begin, 0L, false);
            while (end < batch.Count && ReferenceEquals(ChunkOf(batch.AsGivenAt(end)), chunk))
            {
                hasFrames |= batch.LeadingFramesAt(end).Length > 0;
                bytes += batch.BytesAt(end++);
            }

            // Frames came with their payload, in memory that is theirs alone.
            if (chunk is not null && !hasFrames && chunk.Length > Most * bytes)
            {
                sparse[begin..end].Fill(true);
                all += bytes;
            }
            begin = end;
        }
        return all;
    }

    /// <summary>The format and the peer of all of them, where there is nothing else to keep of any.</summary>
    private static MessageDetails? CommonDetails(MessageBatch batch)
    {
        if (batch.PlainDetails is { } known) return known;
        if (batch.Count is 0 or > Payloads.Most) return null;
        var details = batch[0].PlainDetails;
        foreach (var message in batch.Messages)
        {
            if (details is null || !ReferenceEquals(message.PlainDetails, details)) return null;
        }
        return details;
    }

    private static MessageBatch ToPlain(MessageBatch batch, bool[] copied, PayloadCopies copies, MessageDetails details)
    {
        var payloads = new Payloads.Builder(batch.Count);
        for (var i = 0; i < batch.Count; i++) payloads.Add(copied[i] ? copies.Copy(batch.PayloadAt(i)) : batch.AsGivenAt(i));
        return MessageBatch.Of(payloads.Take(), details);
    }

    private static MessageBatch ToMessages(MessageBatch batch, bool[] copied, PayloadCopies copies)
    {
        var messages = batch.Messages.ToArray();
        for (var i = 0; i < messages.Length; i++)
        {
            if (copied[i]) messages[i] = messages[i].WithKnown(copies.Copy(messages[i].Payload.Span), messages[i].Format);
        }
        return new MessageBatch(messages, messages.Length);
    }
}
