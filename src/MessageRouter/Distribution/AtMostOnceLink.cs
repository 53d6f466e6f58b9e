using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>
/// Plain PUSH: a message that is written to a worker's connection is out of hand. What was not written when the connection
/// ends goes to other workers; of what was written, the part that the worker's machine had not confirmed is counted as
/// unknown.
/// </summary>
internal sealed class AtMostOnceLink(int queue, IWorkOutcomes outcomes) : IWorkLink
{
    private Work[] _written = [];

    public PeerSocketType Socket => PeerSocketType.Push;

    public void Connected(Worker worker)
    {
        worker.Limit = queue;
        outcomes.Ready(worker);
    }

    public void Give(Work work, Worker worker)
    {
        worker.Unwritten.Enqueue(work);
        worker.Outgoing.Add(work.Message);
    }

    public void Written(Worker worker, int count)
    {
        if (_written.Length < count) _written = new Work[count];
        for (var i = 0; i < count; i++) _written[i] = worker.Unwritten.Dequeue();
        outcomes.Done(worker, _written.AsSpan(0, count));
        Array.Clear(_written, 0, count);
    }

    public void Received(Worker worker, MessageBatch messages)
    {
    }

    public void Ended(Worker worker, PeerEnd end)
    {
        while (worker.Unwritten.TryDequeue(out var work)) outcomes.Again(work);
        worker.Counts.Unknown.Add(end.Unconfirmed);
    }

    public void Tick()
    {
    }
}
