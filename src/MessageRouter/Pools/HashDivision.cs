using MessageRouter.Mailboxes;

namespace MessageRouter.Pools;

/// <summary>
/// Messages with the same value in a field, or of the same peer, go to the same copy. The value's hash picks a slot, and each slot belongs to
/// the copy that weighs most in it, so that when a copy goes or comes only its own slots change hands.
/// </summary>
internal sealed class HashDivision(MessageKey key) : Division
{
    private const int Slots = 4096;

    private PoolCopy[] _owners = [];
    private PoolCopy[] _nextOwners = [];
    private IReadOnlyList<PoolCopy> _nextCopies = [];

    public override IEnumerable<PoolCopy> Losing(IReadOnlyList<PoolCopy> copies)
    {
        Assign(copies);
        return _owners.Where((owner, slot) => owner != _nextOwners[slot]).Distinct();
    }

    public override void Use(IReadOnlyList<PoolCopy> copies)
    {
        base.Use(copies);
        Assign(copies);
        _owners = _nextOwners;
    }

    public override IEnumerable<Delivery> Divide(Delivery delivery, List<PoolCopy> full)
    {
        if (key.Peer is { } property && delivery.Batch.PlainDetails is { } details) return Place(_owners[KeyHash.Of(property, details.Peer) % Slots], delivery, full);

        var messages = delivery.Batch.Messages;
        var parts = new Dictionary<PoolCopy, List<Message>>();
        foreach (var message in messages)
        {
            var owner = _owners[KeyHash.Of(key, message) % Slots];
            if (!parts.TryGetValue(owner, out var part)) parts.Add(owner, part = []);
            part.Add(message);
        }

        var rest = new List<Delivery>();
        foreach (var (owner, part) in parts)
        {
            var batch = part.Count == messages.Length ? delivery.Batch : new MessageBatch([.. part], part.Count);
            rest.AddRange(Place(owner, delivery with { Batch = batch }, full));
        }
        return rest;
    }

    /// <returns>What the copy has no room for.</returns>
    private IReadOnlyList<Delivery> Place(PoolCopy owner, Delivery delivery, List<PoolCopy> full)
    {
        var given = Room(owner, delivery.Batch);
        if (given > 0) Give(owner, delivery with { Batch = delivery.Batch.Slice(0, given) });
        if (given == delivery.Batch.Count) return [];
        full.Add(owner);
        return [delivery.Skip(given)];
    }

    private void Assign(IReadOnlyList<PoolCopy> copies)
    {
        if (_nextCopies.SequenceEqual(copies)) return;
        _nextCopies = copies;
        _nextOwners = new PoolCopy[Slots];
        for (var slot = 0; slot < Slots; slot++) _nextOwners[slot] = copies.MaxBy(copy => KeyHash.Mixed(((ulong)slot << 32) | (uint)copy.Number))!;
    }
}
