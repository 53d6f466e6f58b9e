namespace MessageRouter.Distribution;

/// <summary>
/// Messages with the same value in a field, or of the same peer, go to the same worker. The value's hash picks a slot, and each slot belongs to the worker
/// that weighs most in it, so that when one goes or comes only its own slots change hands. Nobody gets what belongs to a worker without room.
/// </summary>
internal sealed class ByKey(MessageKey key) : KeyedBalancer(key)
{
    private const int Slots = 1 << 14;

    private readonly Worker?[] _owners = new Worker?[Slots];

    /// <summary>What each slot's owner weighs in it.</summary>
    private readonly ulong[] _weights = new ulong[Slots];

    /// <summary>What a worker's weights are made from: its name, by which it has the same slots when it comes again.</summary>
    private readonly Dictionary<Worker, ulong> _seeds = [];

    /// <summary>All of these: workers that have one name, as those at a Unix domain socket do, have a seed each.</summary>
    private readonly HashSet<ulong> _taken = [];

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

    protected override Worker? OwnerOf(ulong hash) => _owners[hash % Slots];

    private void Offer(int slot, Worker worker, ulong seed)
    {
        var weight = KeyHash.Mixed(seed ^ (ulong)slot);
        if (_owners[slot] is not null && weight <= _weights[slot]) return;
        (_owners[slot], _weights[slot]) = (worker, weight);
    }
}
