using MessageRouter.Mailboxes;

namespace MessageRouter.Distribution;

/// <summary>Messages that a distributor has taken from its mailbox and that no worker has had, or one has as they came: most go all their way together.</summary>
/// <param name="Batch">The messages, written by the output's codec.</param>
/// <param name="Edge">The edge over which they came.</param>
/// <param name="Number">The first one's place in the order of all that the distributor has taken.</param>
/// <param name="Step">How far apart their places are.</param>
internal sealed record WorkRun(MessageBatch Batch, Edge Edge, long Number, int Step = 1)
{
    /// <summary>Where their places are not evenly apart: how far each is behind the first one of the run that they were picked from.</summary>
    private ReadOnlyMemory<int> _picked;

    private long _pickedFrom;

    public int Count => Batch.Count;

    /// <summary>Each message by itself.</summary>
    public IEnumerable<Work> Works => Batch.Select((message, index) => new Work(message, Edge, NumberAt(index)));

    public WorkRun Slice(int start, int count) => start == 0 && count == Count ? this : this with
    {
        Batch = Batch.Slice(start, count),
        Number = NumberAt(start),
        _picked = _picked.IsEmpty ? _picked : _picked.Slice(start, count),
    };

    /// <summary>These messages with little memory beside their own: for a worker that does not keep up with others, who have what came between them.</summary>
    public WorkRun Compacted() => Step == 1 && _picked.IsEmpty ? this : this with { Batch = Batch.Compacted() };

    /// <summary>One worker's part where these messages are given to <paramref name="step"/> of them in turn.</summary>
    public WorkRun Every(int first, int step, int count)
    {
        if (step == 1) return Slice(first, count);
        return _picked.IsEmpty
            ? new WorkRun(Batch.Every(first, step, count), Edge, NumberAt(first), Step * step)
            : At([.. Enumerable.Range(0, count).Select(each => first + each * step)]);
    }

    /// <summary>The messages at these places, of which each is behind the one before it.</summary>
    public WorkRun At(ReadOnlySpan<int> places)
    {
        if (places[^1] - places[0] == places.Length - 1) return Slice(places[0], places.Length);
        var picked = new int[places.Length];
        for (var i = 0; i < picked.Length; i++) picked[i] = (int)(NumberAt(places[i]) - Number);
        return new WorkRun(Batch.At(places), Edge, Number + picked[0]) { _picked = picked, _pickedFrom = Number };
    }

    private long NumberAt(int index) => _picked.IsEmpty ? Number + (long)index * Step : _pickedFrom + _picked.Span[index];
}
