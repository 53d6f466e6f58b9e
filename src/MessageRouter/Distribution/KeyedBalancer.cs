namespace MessageRouter.Distribution;

/// <summary>Divides by what messages are told apart by: each has one owner, and nobody gets what belongs to a worker without room.</summary>
internal abstract class KeyedBalancer(MessageKey key) : Balancer
{
    /// <summary>Those who have messages among those that are being divided.</summary>
    private readonly List<Worker> _owners = [];

    /// <summary>Whose the message is for which a worker is being chosen.</summary>
    private Worker? _owner;

    /// <remarks>Each message is looked at once, and each owner gets what is its own together: up to the first message for which its owner has no room, which everything behind it waits for.</remarks>
    public override int Divide(WorkRun waiting, List<WorkShare> shares)
    {
        var batch = waiting.Batch;
        var isOfOneOwner = key.Peer is not null && batch.PlainDetails is not null;
        var count = 0;
        for (Worker? owner = null; count < batch.Count; count++)
        {
            if (owner is null || !isOfOneOwner) owner = OwnerOf(KeyHash.Of(key, batch, count));
            if (owner is null || !IsGiven(owner, count, batch.BytesAt(count))) break;
        }
        foreach (var owner in _owners)
        {
            shares.Add(new WorkShare(owner, waiting.At(owner.Share.Places)));
            owner.Share.End();
        }
        _owners.Clear();
        return count;
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

    private bool IsGiven(Worker owner, int place, long bytes)
    {
        if (owner.Share.Count > 0) return owner.Share.TryAdd(place, bytes);
        if (!owner.HasRoom) return false;
        _owners.Add(owner);
        owner.Share.Begin(owner.Room, owner.RoomInBytes);
        return owner.Share.TryAdd(place, bytes);
    }
}
