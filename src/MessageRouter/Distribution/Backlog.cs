namespace MessageRouter.Distribution;

/// <summary>
/// What waits for a worker with room: first what comes back from workers, oldest first, then what is new. What comes back
/// was taken before everything that is new.
/// </summary>
internal sealed class Backlog
{
    private readonly PriorityQueue<Work, long> _again = new();
    private readonly Queue<Work> _fresh = new();

    public int Count => _again.Count + _fresh.Count;

    /// <summary>Takes in a message that no worker has had; they must come in the order of their numbers.</summary>
    public void Add(Work work) => _fresh.Enqueue(work);

    /// <summary>Takes in a message that a worker could not finish.</summary>
    public void PutBack(Work work) => _again.Enqueue(work, work.Number);

    /// <summary>The next message; those that have ended meanwhile are left out.</summary>
    public Work? Peek()
    {
        while (_again.TryPeek(out var work, out _))
        {
            if (!work.Ended) return work;
            _again.Dequeue();
        }
        return _fresh.TryPeek(out var fresh) ? fresh : null;
    }

    /// <summary>Takes the message that <see cref="Peek"/> returned.</summary>
    public void Dequeue()
    {
        if (_again.Count > 0) _again.Dequeue();
        else _fresh.Dequeue();
    }

    /// <summary>Takes all messages that have not ended, in no order.</summary>
    public IReadOnlyList<Work> TakeAll()
    {
        var all = _again.UnorderedItems.Select(item => item.Element).Where(work => !work.Ended).Concat(_fresh).ToList();
        _again.Clear();
        _fresh.Clear();
        return all;
    }
}
