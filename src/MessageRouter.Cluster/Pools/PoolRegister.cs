using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Pools;

namespace MessageRouter.Cluster.Pools;

/// <summary>This node's part of all that is placed, and what the cluster has agreed on. It outlives the cluster's actor systems. Callable from any thread.</summary>
/// <param name="ownChanged">Called when what this node tells of itself has changed.</param>
internal sealed class PoolRegister(Action ownChanged)
{
    private readonly Lock _lock = new();
    private readonly List<Placement> _placements = [];
    private readonly Dictionary<string, PoolShares> _pools = [];

    /// <summary>This node's name.</summary>
    public string Node { get; set; } = "";

    /// <summary>The roles of this node.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>What this node can have.</summary>
    public IReadOnlyList<PoolCandidate> Candidates
    {
        get
        {
            lock (_lock) return [.. _placements.Where(placement => placement.IsCandidate).Select(placement => placement.Candidate)];
        }
    }

    /// <summary>What it could have, had it one of the roles.</summary>
    public IReadOnlyList<LackedRole> Lacking
    {
        get
        {
            lock (_lock) return [.. _placements.Where(placement => !placement.HasRole).Select(placement => new LackedRole(placement.Name, placement.Roles, IsSingleton: false))];
        }
    }

    public IPlacement Join(string name, PlacementOptions options, Action<int> changed)
    {
        var placement = new Placement(this, name, options, changed);
        lock (_lock) _placements.Add(placement);
        ownChanged();
        TellAll();
        return placement;
    }

    /// <summary>How much this node takes of a stream that leads to the copies of a filter; null for one that does not.</summary>
    public int? WeightOf(string stream)
    {
        lock (_lock) return _placements.Find(placement => placement.Name == stream)?.Weight;
    }

    /// <summary>The cluster has agreed on these.</summary>
    public void Set(IEnumerable<PoolShares> pools)
    {
        lock (_lock)
        {
            foreach (var pool in pools.Where(pool => !_pools.TryGetValue(pool.Name, out var known) || known.Epoch < pool.Epoch)) _pools[pool.Name] = pool;
        }
        TellAll();
    }

    /// <summary>This node is not one of the others any more, and what they agree on is not known: it goes on with what it has.</summary>
    public void Forget()
    {
        lock (_lock) _pools.Clear();
    }

    /// <summary>All that is placed, by name.</summary>
    public IReadOnlyList<PlacedStatus> Statuses(IReadOnlyList<KnownMember> members)
    {
        var candidates = members.SelectMany(member => member.Profile?.Pools.Select(candidate => (member.Profile.Node, IsAway: member.Line is { IsSelf: false, IsReachable: false }, Candidate: candidate)) ?? []).ToLookup(each => each.Candidate.Name);
        lock (_lock)
        {
            return [.. candidates.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => Status(each.Key, [.. each], _pools.GetValueOrDefault(each.Key)))];
        }
    }

    private static PlacedStatus Status(string name, IReadOnlyList<(string Node, bool IsAway, PoolCandidate Candidate)> candidates, PoolShares? pool)
    {
        var totals = candidates.GroupBy(each => each.Candidate.Total, each => each.Node).OrderBy(total => total.Key).ToList();
        return new PlacedStatus(
            name,
            pool?.Total,
            [
                .. candidates.GroupBy(each => each.Node).OrderBy(node => node.Key, StringComparer.Ordinal)
                    .Select(node => new PlacedShare(node.Key, pool?.Shares.GetValueOrDefault(node.Key) ?? 0, node.Sum(each => each.Candidate.Running)) { IsAway = node.All(each => each.IsAway) }),
            ])
        {
            Problem = totals.Count > 1
                ? $"files say several totals: {string.Join("; ", totals.Select(total => $"{total.Key} on {string.Join(", ", total.Order(StringComparer.Ordinal))}"))}"
                : null,
        };
    }

    private void TellAll()
    {
        List<(Placement Placement, int Share)> told = [];
        lock (_lock)
        {
            foreach (var placement in _placements)
            {
                if (_pools.TryGetValue(placement.Name, out var pool) && placement.Take(pool.Shares.TryGetValue(Node, out var share) ? share : null)) told.Add((placement, placement.Share));
            }
        }
        foreach (var (placement, share) in told) placement.Changed(share);
        if (told.Count > 0) ownChanged();
    }

    private void Change(Action change)
    {
        lock (_lock) change();
        ownChanged();
    }

    private sealed class Placement(PoolRegister register, string name, PlacementOptions options, Action<int> changed) : IPlacement
    {
        private PlacementOptions _options = options;
        private int? _share;
        private bool _isLeaving;

        public string Name => name;

        public int Share => _share ?? 0;

        public int Running { get; private set; }

        /// <remarks>A node that leaves offers that to itself alone, where others take nothing: what it is to have it does not hear any more.</remarks>
        public int Weight => _isLeaving ? Running : Math.Min(Share, Running);

        public Action<int> Changed => changed;

        /// <summary>One that may have none says so as long as it has some.</summary>
        public bool IsCandidate => HasRole || Running > 0;

        public PoolCandidate Candidate => new(name, _options.Total, HasRole && !_isLeaving ? _options.PerNode : 0, Running);

        public IReadOnlyList<string> Roles => _options.Roles;

        public bool HasRole => _options.Roles.Count == 0 || _options.Roles.Intersect(register.Roles).Any();

        /// <param name="share">How many it is to have; null where the decision does not know that it can have any, so that it goes on with what it has until one does.</param>
        /// <returns>Whether that is to be told: none is too, since there may be some that were not placed.</returns>
        public bool Take(int? share)
        {
            // Where earlier ones knew it, others have them now.
            if (_share is not null) share ??= 0;
            if (_isLeaving || _share == share) return false;
            _share = share;
            return true;
        }

        void IPlacement.Change(PlacementOptions options) => register.Change(() => _options = options);

        /// <remarks>What the node itself still has goes to its own copies, where others have none.</remarks>
        public void Leave() => register.Change(() => _isLeaving = true);

        public void Say(int running)
        {
            if (Running != running) register.Change(() => Running = running);
        }

        public void Dispose() => register.Change(() => register._placements.Remove(this));
    }
}
