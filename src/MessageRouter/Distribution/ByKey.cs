namespace MessageRouter.Distribution;

/// <summary>
/// Messages with the same value in a field, or of the same peer, go to the same worker. The value's hash picks a slot, and each slot belongs to the worker
/// that weighs most in it, so that when one goes or comes only its own slots change hands. Nobody gets what belongs to a worker without room.
/// </summary>
internal sealed class ByKey(MessageKey key) : Balancer
{
    private const int Slots = 1 << 14;

    private readonly Worker?[] _owners = new Worker?[Slots];

    /// <summary>What each slot's owner weighs in it.</summary>
    private readonly ulong[] _weights = new ulong[Slots];

    /// <summary>What a worker's weights are made from: its name, by which it has the same slots when it comes again.</summary>
    private readonly Dictionary<Worker, ulong> _seeds = [];

    /// <summary>All of these: workers that have one name, as those at a Unix domain socket do, have a seed each.</summary>
    private readonly HashSet<ulong> _taken = [];

    /// <summary>The message that was looked at last and not given to anybody.</summary>
    private (long Number, ulong Hash) _next = (-1, 0);

    /// <summary>Whose the messages are for which a worker is being chosen.</summary>
    private Worker? _owner;

    public override void Add(Worker worker)
    {
        base.Add(worker);
        var seed = KeyHash.Of(worker.Name);
        while (!_taken.Add(seed)) seed = KeyHash.Mixed(seed);
        _seeds.Add(worker, seed);
        for (var slot = 0; slot < Slots; slot++) Offer(slot, worker, seed);
    }

    public override void Remove(Worker worker)
    {
        base.Remove(worker);
        if (!_seeds.Remove(worker, out var itsSeed)) return;
        _taken.Remove(itsSeed);
        for (var slot = 0; slot < Slots; slot++)
        {
            if (_owners[slot] != worker) continue;
            _owners[slot] = null;
            foreach (var (other, seed) in _seeds) Offer(slot, other, seed);
        }
    }

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

    private bool IsOfOnePeer(MessageBatch batch) => key.Peer is not null && batch.PlainDetails is not null;

    private Worker? OwnerOf(ulong hash) => _owners[hash % Slots];

    private void Offer(int slot, Worker worker, ulong seed)
    {
        var weight = KeyHash.Mixed(seed ^ (ulong)slot);
        if (_owners[slot] is not null && weight <= _weights[slot]) return;
        (_owners[slot], _weights[slot]) = (worker, weight);
    }
}
