using MessageRouter.Mailboxes;

namespace MessageRouter.Distribution;

/// <summary>
/// What waits for a worker with room: first what comes back from workers, oldest first, then what is new. What comes back
/// was taken before everything that is new.
/// </summary>
internal sealed class Backlog
{
    private readonly PriorityQueue<Work, long> _again = new();
    private readonly WorkRuns _fresh = new();

    public bool IsEmpty => Again is null && _fresh.Count == 0;

    /// <summary>The message that is next where one has come back; those that have ended meanwhile are left out.</summary>
    public Work? Again
    {
        get
        {
            while (_again.TryPeek(out var work, out _))
            {
                if (!work.Ended) return work;
                _again.Dequeue();
            }
            return null;
        }
    }

    /// <summary>The messages that are next where none has come back.</summary>
    public WorkRun? Fresh => Again is null ? _fresh.First : null;

    /// <summary>Takes in messages that no worker has had; they must come in the order of their numbers.</summary>
    public void Add(WorkRun run) => _fresh.Add(run);

    /// <summary>Takes in a message that a worker could not finish.</summary>
    public void PutBack(Work work) => _again.Enqueue(work, work.Number);

    /// <summary>Takes the message that <see cref="Again"/> returned.</summary>
    public void TakeAgain() => _again.Dequeue();

    /// <summary>Takes so many messages of those that <see cref="Fresh"/> returned.</summary>
    public WorkRun TakeFresh(int count) => _fresh.Take(count);

    /// <summary>Takes all messages that have not ended, oldest first, as they go back to the mailbox.</summary>
    public IReadOnlyList<Delivery> TakeAll()
    {
        var again = _again.UnorderedItems.Select(item => item.Element).Where(work => !work.Ended).OrderBy(work => work.Number).Select(work => work.Returned()).ToList();
        _again.Clear();
        return [.. again, .. _fresh.TakeAll().Select(run => new Delivery(run.Edge, run.Batch))];
    }
}
