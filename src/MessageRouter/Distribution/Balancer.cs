namespace MessageRouter.Distribution;

/// <summary>Chooses workers for messages among those that have room.</summary>
internal abstract class Balancer
{
    /// <summary>Bytes that one worker may get together without regard to how much it may have.</summary>
    private const int FewBytes = 64 << 10;

    private readonly List<Worker> _workers = [];
    private readonly List<Worker> _takers = [];
    private int _next;

    /// <summary>Workers that take messages, full or not.</summary>
    public int Count => _workers.Count;

    /// <summary>Whether any worker has room.</summary>
    public virtual bool HasRoom
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

    protected IReadOnlyList<Worker> Workers => _workers;

    /// <summary>A worker takes messages from now on.</summary>
    public virtual void Add(Worker worker)
    {
        // It stands before the first one, and so takes part in this round where that one still has its turn.
        worker.Turns = _workers.Count == 0 ? 0 : Math.Min(1, _workers[0].Turns);
        _workers.Add(worker);
    }

    /// <summary>A worker takes no more messages; nothing where it took none.</summary>
    public virtual void Remove(Worker worker)
    {
        var index = _workers.IndexOf(worker);
        if (index < 0) return;
        _workers.RemoveAt(index);
        if (index < _next) _next--;
    }

    /// <summary>Divides the first of these messages among workers with room, each of which must be given its share before it is asked again.</summary>
    /// <param name="waiting">Messages that wait, at least one.</param>
    /// <param name="shares">To which what each worker gets is added.</param>
    /// <returns>How many messages that are together; 0 where no worker has room for the first one.</returns>
    public virtual int Divide(WorkRun waiting, List<WorkShare> shares)
    {
        var rounds = Choose(waiting.Count, null, _takers, LargestOf(waiting.Batch));
        if (rounds == 0) return 0;
        for (var i = 0; i < _takers.Count; i++) shares.Add(new WorkShare(_takers[i], waiting.Every(i, _takers.Count, rounds)));
        return rounds * _takers.Count;
    }

    /// <summary>Chooses the worker for a message that has come back.</summary>
    public virtual int Choose(Work work, List<Worker> takers) => Choose(1, work.Last, takers);

    /// <summary>Chooses the workers for the next messages, which must be given to them before it is asked again.</summary>
    /// <param name="messages">How many messages wait, at least one.</param>
    /// <param name="last">A worker that is chosen only where no other has room.</param>
    /// <param name="takers">Filled with the workers that take one message after the other, in this order.</param>
    /// <param name="largest">The bytes of the largest of these messages, where they are so many together that it matters; else 0.</param>
    /// <returns>For how many rounds they do that; 0 where none has room.</returns>
    public int Choose(int messages, Worker? last, List<Worker> takers, long largest = 0)
    {
        takers.Clear();
        var rounds = Find(messages, last, takers);
        if (takers.Count == 0 && last is not null) rounds = Find(messages, null, takers);
        if (takers.Count == 0) return 0;
        if (messages < takers.Count) takers.RemoveRange(messages, takers.Count - messages);
        rounds = Math.Min(rounds, messages / takers.Count);
        foreach (var taker in takers)
        {
            rounds = Math.Min(rounds, taker.Room);
            if (largest > 0) rounds = (int)Math.Clamp(taker.RoomInBytes / largest, 1, rounds);
        }
        Chosen(takers, rounds);
        _next = _workers.IndexOf(takers[^1]) + 1;
        return rounds;
    }

    /// <summary>The bytes of the largest message, where it matters how large they are; else 0.</summary>
    private static long LargestOf(MessageBatch batch)
    {
        long largest = 0;
        for (var i = 0; i < batch.Count && batch.Bytes > FewBytes; i++) largest = Math.Max(largest, batch.BytesAt(i));
        return largest;
    }

    /// <summary>The worker that is so many places after the one that was chosen last.</summary>
    protected Worker InTurn(int index) => _workers[(_next + index) % _workers.Count];

    /// <summary>Adds the workers whose turn it is, of all with room but <paramref name="except"/>; there need be no more of them than messages.</summary>
    /// <returns>For how many rounds it would be theirs if they had room enough.</returns>
    protected abstract int Find(int messages, Worker? except, List<Worker> takers);

    /// <summary>These workers, perhaps only the first of those that were found, take so many messages each.</summary>
    protected virtual void Chosen(IReadOnlyList<Worker> takers, int rounds)
    {
    }
}
