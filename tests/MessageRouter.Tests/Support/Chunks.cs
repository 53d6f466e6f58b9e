using System.Runtime.InteropServices;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Support;

/// <summary>Messages as a connection brings them: small ones share memory.</summary>
internal static class Received
{
    /// <summary>Numbered JSON documents of so many bytes each.</summary>
    public static MessageBatch Batch(int count, int bytes, int from = 1) => new Stream().Next(count, bytes, from);

    /// <summary>One connection, whose chunks go on from one batch to the next.</summary>
    public sealed class Stream
    {
        private readonly PayloadCopies _copies = new();

        /// <param name="count">How many.</param>
        /// <param name="bytes">The size of each.</param>
        /// <param name="from">The first one's number.</param>
        /// <param name="isGood">Which of them are JSON.</param>
        public MessageBatch Next(int count, int bytes, int from, Predicate<int>? isGood = null)
        {
            var received = new ReceivedMessages();
            for (var n = from; n < from + count; n++) received.Add(_copies.Copy(isGood?.Invoke(n) == false ? new byte[bytes] : Some.Sized(n, bytes).Payload.Span), []);
            return MessageBatch.Of(received.Take(), MessageFormat.Json);
        }
    }
}

/// <summary>The memory in which messages lie.</summary>
internal static class Chunks
{
    /// <summary>The bytes of all arrays that these messages keep, each counted once.</summary>
    public static long BytesOf(params IEnumerable<MessageBatch> batches)
    {
        var chunks = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
        foreach (var message in batches.SelectMany(batch => batch))
        {
            foreach (var part in message.LeadingFrames.Append(message.Payload))
            {
                Assert.True(MemoryMarshal.TryGetArray(part, out var array));
                chunks.Add(array.Array!);
            }
        }
        return chunks.Sum(chunk => (long)chunk.Length);
    }
}
