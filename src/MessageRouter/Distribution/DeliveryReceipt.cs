using MessageRouter.Components;

namespace MessageRouter.Distribution;

/// <summary>Has what becomes of a delivery answered over the link that it came by.</summary>
internal sealed class DeliveryReceipt(DistributorLink link, LinkWord.Deliver word) : Receipt(new MessageDelivery(word.Id, (int)Math.Min(word.Redeliveries, int.MaxValue)))
{
    public ulong Tag { get; } = word.Tag;

    public ulong Session { get; } = word.Session;

    protected override void OnSettled(Fate fate, string? reason) => link.Answer(this, fate, reason);
}
