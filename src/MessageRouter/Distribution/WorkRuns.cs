namespace MessageRouter.Distribution;

/// <summary>Messages in the order in which they came, taken in runs as long as one likes.</summary>
internal sealed class WorkRuns
{
    private readonly LinkedList<WorkRun> _runs = [];

    /// <summary>The number of messages.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The oldest messages that came together.</summary>
    public WorkRun? First => _runs.First?.Value;

    public void Add(WorkRun run)
    {
        _runs.AddLast(run);
        Count += run.Count;
        Bytes += run.Batch.Bytes;
    }

    /// <summary>Takes the oldest messages, at most so many and at most the <see cref="First"/> run.</summary>
    public WorkRun Take(int most)
    {
        var first = _runs.First!;
        var taken = first.Value;
        if (taken.Count <= most)
        {
            _runs.RemoveFirst();
        }
        else
        {
            first.Value = taken.Slice(most, taken.Count - most);
            taken = taken.Slice(0, most);
        }
        Count -= taken.Count;
        Bytes -= taken.Batch.Bytes;
        return taken;
    }

    /// <summary>Takes everything.</summary>
    public IReadOnlyList<WorkRun> TakeAll()
    {
        var all = _runs.ToArray();
        _runs.Clear();
        (Count, Bytes) = (0, 0);
        return all;
    }
}
