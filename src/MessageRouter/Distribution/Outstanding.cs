using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>What workers have at one moment: finished when each has written or answered it, or its connection has ended, so that it waits for a worker again.</summary>
internal sealed class Outstanding
{
    private readonly List<(Worker Worker, IPeer? Peer, Stack<ulong> Unanswered, long Written)> _left;

    public Outstanding(IEnumerable<Worker> workers) =>
        _left = [.. workers.Where(worker => worker.Load > 0).Select(worker => (worker, worker.Peer, new Stack<ulong>(worker.Unanswered.Keys), worker.Counts.Out.Value + worker.Unwritten.Count))];

    public bool IsFinished
    {
        get
        {
            _left.RemoveAll(each => each.Worker.Peer != each.Peer || HasFinished(each.Worker, each.Unanswered, each.Written));
            return _left.Count == 0;
        }
    }

    /// <remarks>Of those that answer a message counts for as long as they may still be at it, also where its lease is over.</remarks>
    private static bool HasFinished(Worker worker, Stack<ulong> unanswered, long written)
    {
        while (unanswered.TryPeek(out var tag) && !worker.Unanswered.ContainsKey(tag)) unanswered.Pop();
        return unanswered.Count == 0 && (worker.Unwritten.Count == 0 || worker.Counts.Out.Value >= written);
    }
}
