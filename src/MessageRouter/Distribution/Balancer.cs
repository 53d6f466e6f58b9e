namespace MessageRouter.Distribution;

/// <summary>Chooses a worker for each message among those that have room.</summary>
internal abstract class Balancer
{
    private readonly List<Worker> _workers = [];

    public static Balancer For(Balance balance, int mostTurns) =>
        balance == Balance.LeastQueued ? new LeastQueued() : new RoundRobin(mostTurns);

    /// <summary>Workers that take messages, full or not.</summary>
    public int Count => _workers.Count;

    protected IReadOnlyList<Worker> Workers => _workers;

    /// <summary>The place in the list after that of the worker that was chosen last.</summary>
    protected int Next { get; private set; }

    /// <summary>A worker takes messages from now on.</summary>
    public void Add(Worker worker)
    {
        // It stands before the first one, and so takes part in this round where that one still has its turn.
        worker.Turns = _workers.Count == 0 ? 0 : Math.Min(1, _workers[0].Turns);
        _workers.Add(worker);
    }

    /// <summary>A worker takes no more messages; nothing where it took none.</summary>
    public void Remove(Worker worker)
    {
        var index = _workers.IndexOf(worker);
        if (index < 0) return;
        _workers.RemoveAt(index);
        if (index < Next) Next--;
    }

    /// <summary>Whether any worker has room.</summary>
    public bool HasRoom
    {
        get
        {
            foreach (var worker in _workers)
            {
                if (worker.HasRoom) return true;
            }
            return false;
        }
    }

    /// <summary>The worker for a message; null where none has room.</summary>
    /// <param name="last">A worker that is chosen only where no other has room.</param>
    public Worker? Choose(Worker? last)
    {
        var index = Find(last);
        if (index < 0 && last is not null) index = Find(null);
        if (index < 0) return null;
        Next = index + 1;
        return _workers[index];
    }

    /// <summary>The place of the worker whose turn it is; -1 where none but <paramref name="except"/> has room.</summary>
    protected abstract int Find(Worker? except);
}
