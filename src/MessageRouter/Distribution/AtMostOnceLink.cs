using MessageRouter.Components;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>
/// Plain PUSH: a message that is written to a worker's connection is out of hand. What was not written when the connection
/// ends goes to other workers; of what was written, the part that the worker's machine had not confirmed is counted as
/// unknown.
/// </summary>
internal sealed class AtMostOnceLink(int queue, long queueBytes, IWorkOutcomes outcomes) : IWorkLink
{
    public PeerSocketType Socket => PeerSocketType.Push;

    public void Connected(Worker worker)
    {
        worker.Limit = queue;
        worker.LimitBytes = queueBytes;
        outcomes.Ready(worker);
    }

    public void Give(Work work, Worker worker)
    {
        worker.Unwritten.Add(new WorkRun(MessageBatch.Of(work.Message), work.Edge, work.Number));
        worker.Outgoing.Add(work.Message);
    }

    public void Give(WorkRun run, Worker worker)
    {
        worker.Unwritten.Add(run);
        worker.Outgoing.Add(run.Batch);
    }

    public void Written(Worker worker, int count)
    {
        for (var left = count; left > 0;)
        {
            var run = worker.Unwritten.Take(left);
            run.Batch.Settle(Fate.Done);
            left -= run.Count;
        }
        outcomes.Done(worker, count);
    }

    public void Received(Worker worker, MessageBatch messages)
    {
    }

    public void Ended(Worker worker, PeerEnd end)
    {
        foreach (var work in worker.Unwritten.TakeAll().SelectMany(run => run.Works)) outcomes.Again(work);
    }

    public void Tick()
    {
    }
}
