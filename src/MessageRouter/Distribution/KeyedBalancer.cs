namespace MessageRouter.Distribution;

/// <summary>Chooses by what messages are told apart by: each has one owner, and nobody gets what belongs to a worker without room.</summary>
internal abstract class KeyedBalancer(MessageKey key) : Balancer
{
    /// <summary>The message that was looked at last and not given to anybody.</summary>
    private (long Number, ulong Hash) _next = (-1, 0);

    /// <summary>Whose the messages are for which a worker is being chosen.</summary>
    private Worker? _owner;

    /// <remarks>As many of the first messages as belong to one worker.</remarks>
    public override int Choose(WorkRun waiting, List<Worker> takers)
    {
        var batch = waiting.Batch;
        if (_next.Number != waiting.Number) _next = (waiting.Number, KeyHash.Of(key, batch, 0));
        _owner = OwnerOf(_next.Hash);
        var most = _owner is { HasRoom: true } ? Math.Min(batch.Count, _owner.Room) : 1;
        if (IsOfOnePeer(batch)) return Choose(most, null, takers, LargestOf(batch));
        var count = 1;
        for (; count < most; count++)
        {
            var hash = KeyHash.Of(key, batch, count);
            if (OwnerOf(hash) == _owner) continue;
            _next = (waiting.Number + count, hash);
            break;
        }
        return Choose(count, null, takers, LargestOf(batch.Slice(0, count)));
    }

    public override int Choose(Work work, List<Worker> takers)
    {
        _owner = OwnerOf(KeyHash.Of(key, work.Message));
        return Choose(1, null, takers);
    }

    protected override int Find(int messages, Worker? except, List<Worker> takers)
    {
        if (_owner is { HasRoom: true }) takers.Add(_owner);
        return int.MaxValue;
    }

    /// <summary>The worker that gets the messages with this hash; null where none does.</summary>
    protected abstract Worker? OwnerOf(ulong hash);

    private bool IsOfOnePeer(MessageBatch batch) => key.Peer is not null && batch.PlainDetails is not null;
}
