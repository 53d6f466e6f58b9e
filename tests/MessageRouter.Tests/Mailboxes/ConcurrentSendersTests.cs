using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Mailboxes;

public class ConcurrentSendersTests
{
    private const int PerSender = 20_000;

    [Theory]
    [InlineData(Overflow.Wait, Overflow.Wait, Overflow.Wait)]
    [InlineData(Overflow.Wait, Overflow.DropNewest, Overflow.Wait)]
    [InlineData(Overflow.DropOldest, Overflow.DropOldest, Overflow.DropNewest)]
    public async Task Lose_and_duplicate_nothing_and_keep_their_order(params Overflow[] policies)
    {
        var mailbox = new BoundedMailbox(50, long.MaxValue, new ComponentCounts());
        var edges = policies.Select((policy, i) => new Edge($"{i}", mailbox, policy)).ToArray();
        var taken = edges.ToDictionary(edge => edge, _ => new List<int>());

        var senders = Task.WhenAll(edges.Select(edge => Task.Run(() => SendAll(edge))));
        while (!senders.IsCompleted || mailbox.Queued > 0)
        {
            if (!mailbox.TryDequeue(out var envelope)) continue;
            var delivery = (Delivery)envelope.Message;

            // As a restarted actor would: the first message is dealt with, the rest comes again.
            taken[delivery.Edge].Add((int)delivery.Batch[0]["n"]!);
            mailbox.Return([delivery.Skip(1)]);
        }
        await senders;

        foreach (var edge in edges)
        {
            Assert.Equal(taken[edge].Order().Distinct(), taken[edge]);
            Assert.Equal(PerSender, taken[edge].Count + edge.Dropped.Snapshot().Values.Sum());
            Assert.Equal(0, edge.Waiting.Value);
            if (edge.Overflow == Overflow.Wait) Assert.Equal(PerSender, taken[edge].Count);
        }
    }

    private static void SendAll(Edge edge)
    {
        for (var n = 1; n <= PerSender;)
        {
            var size = Math.Min(1 + (n % 7), PerSender - n + 1);
            edge.Send(Some.Batch(n, size));
            n += size;
        }
    }
}
