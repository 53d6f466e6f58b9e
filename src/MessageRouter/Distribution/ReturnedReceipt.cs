using MessageRouter.Components;

namespace MessageRouter.Distribution;

/// <summary>
/// Goes with a message that a distributor had given to workers and returns to its mailbox at a restart, so that its id and
/// its deliveries are known when it is taken again.
/// </summary>
/// <param name="delivery">What workers were told of it.</param>
/// <param name="failures">How many workers have failed on it.</param>
/// <param name="original">The receipt with which it came; null where nobody waits for word of it.</param>
internal sealed class ReturnedReceipt(MessageDelivery delivery, int failures, Receipt? original) : Receipt(delivery)
{
    public int Failures { get; } = failures;

    protected override void OnSettled(Fate fate, string? reason) => original?.Settle(fate, reason);
}
