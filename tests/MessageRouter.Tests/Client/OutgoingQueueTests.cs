using System.Runtime.CompilerServices;
using System.Text;
using MessageRouter.Client;
using MessageRouter.Client.Logging;

namespace MessageRouter.Tests.Client;

/// <summary>What waits in a client keeps its order and its bounds, whatever it is.</summary>
public sealed class OutgoingQueueTests
{
    [Theory]
    [InlineData(ClientOverflow.DropNewest)]
    [InlineData(ClientOverflow.DropOldest)]
    public void What_is_taken_is_what_a_plain_queue_would_give(ClientOverflow overflow)
    {
        const int capacity = 300;
        const int capacityBytes = 400_000;
        var random = new Random(7);
        var queue = new OutgoingQueue(new MessageClientOptions { Capacity = capacity, CapacityBytes = capacityBytes, Overflow = overflow });
        var model = new Queue<string>();
        var dropped = 0L;

        for (var n = 0; n < 50_000; n++)
        {
            if (random.Next(500) == 0)
            {
                Assert.Equal(Taken(queue, model.Count), model);
                model.Clear();
            }
            var text = $"{n} {new string('x', random.Next(50) == 0 ? random.Next(100_000) : random.Next(400))}";
            bool HasRoom() => model.Count == 0 || (model.Count < capacity && model.Sum(each => each.Length) + text.Length <= capacityBytes);
            var fits = overflow == ClientOverflow.DropOldest || HasRoom();
            while (fits && !HasRoom())
            {
                model.Dequeue();
                dropped++;
            }
            if (fits) model.Enqueue(text);
            else dropped++;

            Assert.Equal(fits, random.Next(2) == 0 ? queue.TryAdd(Encoding.UTF8.GetBytes(text)) : queue.TryAdd(new Later(text)));
            Assert.Equal((model.Count, dropped), (queue.Messages, queue.Losses.Counts()[(int)DropReason.Full]));
        }
    }

    [Fact]
    public void What_is_lost_behind_what_is_still_under_way_is_not_taken_to_be_what_somebody_waits_for()
    {
        var queue = new OutgoingQueue(new MessageClientOptions());
        Added(queue, 1);
        var passed = queue.PassedAsync();
        Added(queue, 1, 1);
        queue.TryTake(out _);

        queue.IsLost();
        queue.IsLost();
        Assert.False(passed.IsCompleted);
        queue.HandedOver(1);
        Assert.True(passed.IsCompleted);
    }

    [Fact]
    public void What_was_taken_counts_in_the_bounds_until_it_is_handed_over()
    {
        var queue = new OutgoingQueue(new MessageClientOptions { Capacity = 3, CapacityBytes = 10 });
        Assert.Equal([true, true, true, false], Added(queue, 1, 1, 1, 1));

        queue.TryTake(out _);
        Assert.Equal([false], Added(queue, 1));
        queue.HandedOver(1);
        Assert.Equal([true, false], Added(queue, 1, 1));
        queue.HandedOver(2);
        Assert.Equal([true, true, false], Added(queue, 1, 8, 1));
        queue.TryTake(out _);
        Assert.Equal([false], Added(queue, 1));
    }

    [Fact]
    public void Beside_what_was_taken_the_newest_has_room_where_the_oldest_give_way()
    {
        var queue = new OutgoingQueue(new MessageClientOptions { Capacity = 3, Overflow = ClientOverflow.DropOldest });
        Added(queue, 1, 1, 1);
        queue.TryTake(out _);

        Assert.Equal([true, true, true], Added(queue, 1, 1, 1));
        Assert.Equal((4, 2), (queue.Messages, queue.Losses.Counts()[(int)DropReason.Full]));
        queue.HandedOver(2);
        Assert.Equal([true, true], Added(queue, 1, 1));
        Assert.Equal((3, 3), (queue.Messages, queue.Losses.Counts()[(int)DropReason.Full]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_is_used_again(bool isDeferred)
    {
        var queue = new OutgoingQueue(new MessageClientOptions());
        var message = new byte[1000];
        var later = new Later("later");
        Pass(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(10_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, OutgoingChunk.SharedSize);

        void Pass(int count)
        {
            for (var n = 0; n < count; n++)
            {
                if (isDeferred) queue.TryAdd(later);
                else queue.TryAdd(message);
                if (n % 100 != 0) continue;
                while (queue.TryTake(out var run))
                {
                    while (run.TryTake(out _, out var deferred))
                    {
                        deferred?.Drop();
                        queue.HandedOver(1);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(ClientOverflow.DropNewest)]
    [InlineData(ClientOverflow.DropOldest)]
    public void What_has_gone_is_kept_alive_by_nothing(ClientOverflow overflow)
    {
        var queue = new OutgoingQueue(new MessageClientOptions { Capacity = 3, Overflow = overflow });
        var kept = Enumerable.Range(0, 10).Select(_ => Add(queue)).ToList();
        Assert.Equal(3, Taken(queue, 3).Count);

        GC.Collect();

        Assert.All(kept, each => Assert.False(each.IsAlive));
        GC.KeepAlive(queue);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Add(OutgoingQueue queue)
    {
        var text = new string('x', 10);
        queue.TryAdd(new Later(text));
        return new WeakReference(text);
    }

    [Fact]
    public void What_is_lost_is_told_once()
    {
        var losses = new Losses();
        losses.Add(DropReason.Full, 3);
        losses.Add(DropReason.Failed);

        Assert.Equal((4, 0), (losses.TakeUntold(), losses.TakeUntold()));
        losses.PutBackUntold(4);
        losses.Add(DropReason.Full);
        Assert.Equal(5, losses.TakeUntold());
        Assert.Equal((4, 1), (losses.Counts()[(int)DropReason.Full], losses.Counts()[(int)DropReason.Failed]));
    }

    private static List<bool> Added(OutgoingQueue queue, params int[] sizes) => [.. sizes.Select(size => queue.TryAdd(new byte[size]))];

    private static List<string> Taken(OutgoingQueue queue, int count)
    {
        var texts = new List<string>();
        while (queue.TryTake(out var run))
        {
            while (run.TryTake(out var payload, out var deferred)) texts.Add(Encoding.UTF8.GetString((deferred?.Write(new EventFlaws()) ?? payload).Span));
        }
        queue.HandedOver(count);
        return texts;
    }

    private readonly struct Later(string text) : IDeferredMessage
    {
        public int Size => text.Length;

        public ReadOnlyMemory<byte> Write(EventFlaws flaws) => Encoding.UTF8.GetBytes(text);
    }
}
