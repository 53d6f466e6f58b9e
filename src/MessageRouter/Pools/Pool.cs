using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;

namespace MessageRouter.Pools;

/// <summary>The copies of a pooled filter: all that there ever were, since their counts stay. Callable from any thread.</summary>
internal sealed class Pool
{
    public const int MaxSize = 1000;

    private readonly Func<int, ComponentCell> _makeCell;
    private readonly Lock _lock = new();
    private volatile PoolCopy[] _copies = [];
    private volatile IActorRef _actor = ActorRefs.Nobody;
    private bool _draining;

    /// <param name="size">How many copies there are at first.</param>
    /// <param name="maxBytes">The bytes that may wait in the pool's own mailbox, and as many in those of all copies together.</param>
    /// <param name="makeCell">Makes the cell of the copy with a number.</param>
    public Pool(int size, long maxBytes, Func<int, ComponentCell> makeCell)
    {
        _makeCell = makeCell;
        Size = size;
        MaxBytes = maxBytes;
        for (var number = 1; number <= size; number++) Copy(number);
    }

    public IReadOnlyList<PoolCopy> Copies => _copies;

    /// <summary>The bytes that may wait in the mailboxes of all copies together.</summary>
    public long MaxBytes
    {
        get;
        set
        {
            field = value;
            foreach (var copy in _copies) LimitBytes(copy);
        }
    }

    /// <summary>How many copies there are to be. Set by the pool's actor.</summary>
    public int Size
    {
        get;
        set
        {
            field = value;
            foreach (var copy in _copies) LimitBytes(copy);
        }
    }

    /// <summary>The pool's actor, which takes <see cref="Resize"/>.</summary>
    public IActorRef Actor
    {
        get => _actor;
        set => _actor = value;
    }

    /// <summary>Messages that were given to copies and are not dealt with yet.</summary>
    public long Queued => _copies.Sum(copy => copy.Cell.Queued);

    /// <summary>The bytes of these.</summary>
    public long QueuedBytes => _copies.Sum(copy => copy.Cell.QueuedBytes);

    public IEnumerable<ComponentCounts> Counts => _copies.Select(copy => copy.Cell.Counts);

    /// <summary>The copy of a number, made where it was never there.</summary>
    public PoolCopy Copy(int number)
    {
        lock (_lock)
        {
            if (number <= _copies.Length) return _copies[number - 1];
            var copy = new PoolCopy(number, _makeCell(number));
            if (_draining) copy.Cell.Drain();
            LimitBytes(copy);
            _copies = [.. _copies, copy];
            return copy;
        }
    }

    public void Drain()
    {
        lock (_lock)
        {
            _draining = true;
            foreach (var copy in _copies) copy.Cell.Drain();
        }
    }

    private void LimitBytes(PoolCopy copy) => copy.Cell.Mailbox.MaxBytes = Math.Max(1, MaxBytes / Math.Max(1, Size));

    public IReadOnlyList<WorkerLine> Lines() =>
        [.. _copies.Where(copy => copy.State != PoolCopyState.Ended).Select(copy => copy.Line())];
}
