using MessageRouter.Components;

namespace MessageRouter.Outputs;

/// <summary>Keeps its messages in <see cref="RecordedMessages"/>, where a test finds them.</summary>
internal sealed class TestOutput(RecordedMessages recorded) : OutputActor
{
    protected override void WriteBatch(MessageBatch batch)
    {
        recorded.Add(Name, batch.Messages);
        Delivered(batch.Count);
    }
}
