namespace MessageRouter.Components;

/// <summary>What became of a message, or of one of the branches that it was sent to.</summary>
internal enum Fate
{
    /// <summary>Dealt with: delivered, or filtered out.</summary>
    Done,

    /// <summary>Not worked on: the node stops.</summary>
    Returned,

    /// <summary>A component failed on it, or it was dropped by a policy.</summary>
    Failed,
}

/// <summary>
/// Goes through the node with a message that its sender wants to hear about, and says what became of it once every
/// branch has ended. Edited messages have the receipt of the message that they were made of; one that is sent to several
/// targets has a branch for each.
/// </summary>
/// <param name="delivery">What components are told of it.</param>
internal abstract class Receipt(MessageDelivery delivery)
{
    private readonly Lock _lock = new();
    private int _branches = 1;
    private Fate _fate;
    private string? _reason;

    public MessageDelivery Delivery { get; } = delivery;

    /// <summary>The message goes to so many more targets.</summary>
    public void Branch(int more) => Interlocked.Add(ref _branches, more);

    /// <summary>One branch has ended; the worst fate of all counts.</summary>
    public void Settle(Fate fate, string? reason = null)
    {
        if (fate != Fate.Done)
        {
            lock (_lock)
            {
                if (fate > _fate) (_fate, _reason) = (fate, reason);
            }
        }
        if (Interlocked.Decrement(ref _branches) == 0) OnSettled(_fate, _reason);
    }

    /// <summary>All branches have ended. Runs once, on any thread, perhaps with a mailbox locked: it may only note it down and wake somebody.</summary>
    protected abstract void OnSettled(Fate fate, string? reason);
}

internal static class Receipts
{
    /// <summary>Ends a branch of each of these messages.</summary>
    public static void Settle(this MessageBatch batch, Fate fate, string? reason = null)
    {
        if (batch.PlainFormat is not null) return;
        foreach (var message in batch.Messages) message.Receipt?.Settle(fate, reason);
    }

    public static void Branch(this MessageBatch batch, int more)
    {
        if (batch.PlainFormat is not null) return;
        foreach (var message in batch.Messages) message.Receipt?.Branch(more);
    }
}
