using MessageRouter.Components;

namespace MessageRouter.Outputs;

/// <summary>Discards every message, counted as delivered.</summary>
internal sealed class NullOutput : OutputActor
{
    protected override void WriteBatch(MessageBatch batch) => Delivered(batch.Count);
}
