using MessageRouter.Clustering;
using MessageRouter.Distribution;

namespace MessageRouter.Cluster.Streams;

/// <summary>Messages go to whoever the cluster says has their key; as long as that is nobody, they wait.</summary>
internal sealed class ByTable(MessageKey key) : KeyedBalancer(key)
{
    private readonly Dictionary<string, Worker> _workersAt = [];
    private readonly Worker?[] _owners = new Worker?[SlotTable.Count];
    private SlotTable? _table;

    /// <summary>Whose the keys are; null where that is not known, so that nothing goes to anybody.</summary>
    public SlotTable? Table
    {
        get => _table;
        set
        {
            _table = value;
            FindOwners();
        }
    }

    /// <summary>Asked before anything is given to anybody.</summary>
    public Func<bool> IsInForce { get; set; } = () => true;

    public override bool HasRoom => _table is not null && base.HasRoom;

    public override void Add(Worker worker)
    {
        base.Add(worker);
        if (worker.Endpoint is { } endpoint) _workersAt[endpoint] = worker;
        FindOwners();
    }

    public override void Remove(Worker worker)
    {
        base.Remove(worker);
        if (_workersAt.FirstOrDefault(at => at.Value == worker).Key is not { } endpoint) return;
        _workersAt.Remove(endpoint);
        FindOwners();
    }

    public override int Divide(WorkRun waiting, List<WorkShare> shares) => IsInForce() ? base.Divide(waiting, shares) : 0;

    public override int Choose(Work work, List<Worker> takers) => IsInForce() ? base.Choose(work, takers) : 0;

    protected override Worker? OwnerOf(ulong hash) => _owners[SlotTable.Of(hash)];

    private void FindOwners()
    {
        for (var slot = 0; slot < _owners.Length; slot++) _owners[slot] = _table?.OwnerOf(slot) is { } endpoint ? _workersAt.GetValueOrDefault(endpoint) : null;
    }
}
