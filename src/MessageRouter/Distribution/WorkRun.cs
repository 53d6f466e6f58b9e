using MessageRouter.Mailboxes;

namespace MessageRouter.Distribution;

/// <summary>Messages that a distributor has taken from its mailbox and that no worker has had, or one has as they came: most go all their way together.</summary>
/// <param name="Batch">The messages, written by the output's codec.</param>
/// <param name="Edge">The edge over which they came.</param>
/// <param name="Number">The first one's place in the order of all that the distributor has taken.</param>
/// <param name="Step">How far apart their places are.</param>
internal sealed record WorkRun(MessageBatch Batch, Edge Edge, long Number, int Step = 1)
{
    public int Count => Batch.Count;

    /// <summary>Each message by itself.</summary>
    public IEnumerable<Work> Works => Batch.Select((message, index) => new Work(message, Edge, Number + (long)index * Step));

    public WorkRun Slice(int start, int count) => this with { Batch = Batch.Slice(start, count), Number = Number + (long)start * Step };

    /// <summary>These messages with little memory beside their own: for a worker that does not keep up with others, who have what came between them.</summary>
    public WorkRun Compacted() => Step == 1 ? this : this with { Batch = Batch.Compacted() };

    /// <summary>One worker's part where these messages are given to <paramref name="step"/> of them in turn.</summary>
    public WorkRun Every(int first, int step, int count) => step == 1
        ? Slice(first, count)
        : new WorkRun(Batch.Every(first, step, count), Edge, Number + (long)first * Step, Step * step);
}
