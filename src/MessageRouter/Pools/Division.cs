using MessageRouter.Mailboxes;

namespace MessageRouter.Pools;

/// <summary>Decides which of a pool's messages goes to which of its copies.</summary>
internal abstract class Division
{
    /// <summary>Those among which messages are divided.</summary>
    public IReadOnlyList<PoolCopy> Copies { get; private set; } = [];

    /// <summary>The copies whose messages must have gone before other copies can take part, so that the order holds.</summary>
    public virtual IEnumerable<PoolCopy> Losing(IReadOnlyList<PoolCopy> copies) => [];

    public virtual void Use(IReadOnlyList<PoolCopy> copies) => Copies = copies;

    /// <summary>Gives messages to copies as far as they have room.</summary>
    /// <param name="delivery">The messages.</param>
    /// <param name="full">Takes up those copies of which one must get room before the rest can go on.</param>
    /// <returns>The rest, in order.</returns>
    public abstract IEnumerable<Delivery> Divide(Delivery delivery, List<PoolCopy> full);

    /// <summary>For how many of the first of these messages a copy has room.</summary>
    protected static int Room(PoolCopy copy, MessageBatch batch) => copy.Cell.Mailbox.RoomFor(batch);

    protected static void Give(PoolCopy copy, Delivery delivery)
    {
        var waits = copy.Cell.Mailbox.Queued > Compaction.FewWaiting;
        copy.Cell.Mailbox.Put(waits ? delivery with { Batch = delivery.Batch.Compacted() } : delivery);
    }
}
