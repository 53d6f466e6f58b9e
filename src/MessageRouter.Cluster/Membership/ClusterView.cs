using MessageRouter.Cluster.Pools;
using MessageRouter.Cluster.Singletons;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>What this node knows of the others, and who wants to hear of it. It outlives the cluster's actor systems. Callable from any thread.</summary>
internal sealed class ClusterView
{
    private readonly Lock _lock = new();
    private readonly List<Follower> _followers = [];
    private readonly List<Offering> _own = [];
    private readonly Dictionary<string, SlotTable> _tables = [];
    private readonly List<(string Stream, TaskCompletionSource Waiting)> _waiting = [];
    private readonly Dictionary<string, long> _refused = JoinRefusals.All.ToDictionary(reason => reason, _ => 0L);
    private volatile IReadOnlyList<KnownMember> _members = [];
    private volatile IReadOnlyList<ClusterWarning> _apart = [];
    private long _gone;
    private long _joinedAnew;

    public ClusterView()
    {
        Singletons = new SingletonRegister(() => OwnChanged?.Invoke());
        Pools = new PoolRegister(() => Change(() => { }));
    }

    /// <summary>The singletons that this node can be.</summary>
    public SingletonRegister Singletons { get; }

    /// <summary>What this node has of the copies and processes that the cluster places.</summary>
    public PoolRegister Pools { get; }

    /// <summary>Where certificates are refused.</summary>
    public UntrustedNodes Untrusted { get; } = new();

    /// <summary>All nodes, in the order of their addresses.</summary>
    public IReadOnlyList<KnownMember> Members => _members;

    /// <summary>The address of the node that leads.</summary>
    public string? Leader { get; set; }

    /// <summary>The address of the node that decides for all; null while that is not known.</summary>
    public ClusterAddress? Oldest { get; set; }

    /// <summary>Whether this node is one of them.</summary>
    public bool IsMember => _members.Any(member => member.Line is { IsSelf: true, State: "up" or "weakly-up" });

    /// <summary>Whether this node is in touch with enough of them.</summary>
    public required Standing Standing { get; init; }

    /// <summary>Called when what this node tells of itself has changed.</summary>
    public Action? OwnChanged { get; set; }

    /// <summary>What this node offers to others.</summary>
    public IReadOnlyList<StreamOffer> Offers
    {
        get
        {
            lock (_lock) return [.. _own.Select(offering => Weighted(offering.Offer) with { IsLeaving = offering.IsWithdrawn, Finished = offering.Finished })];
        }
    }

    /// <summary>The streams that this node feeds.</summary>
    public IReadOnlyList<StreamFeeding> Feeds
    {
        get
        {
            lock (_lock) return [.. _followers.Select(follower => follower.Feeding)];
        }
    }

    /// <summary>What would be at work on this node, had it the role for it.</summary>
    public IReadOnlyList<LackedRole> Lacking => [.. Singletons.Lacking, .. Pools.Lacking];

    /// <summary>How often another node was taken to be gone.</summary>
    public long Gone => Volatile.Read(ref _gone);

    /// <summary>How often this one was.</summary>
    public long JoinedAnew => Volatile.Read(ref _joinedAnew);

    /// <summary>How often a node was refused here, by reason.</summary>
    public IReadOnlyDictionary<string, long> Refused
    {
        get
        {
            lock (_refused) return new Dictionary<string, long>(_refused);
        }
    }

    /// <summary>Gives the node's status, for other nodes.</summary>
    public Func<string> Report { get; set; } = () => "";

    /// <summary>What is to be said of this node's certificate; null for nothing.</summary>
    public Func<ClusterWarning?> Certificate { get; set; } = () => null;

    /// <summary>Where a node of that name is; null where there is none.</summary>
    public string? AddressOf(string node) => _members.FirstOrDefault(member => member.Line.Node == node && !member.Line.IsSelf && member.Line.State != "down")?.Line.Address;

    /// <summary>What is found at addresses where nodes of this cluster are looked for, and is none of them.</summary>
    public IReadOnlyList<ClusterWarning> Apart
    {
        set => _apart = value;
    }

    /// <summary>The addresses of these.</summary>
    public IReadOnlySet<string> Strangers { get; set; } = new HashSet<string>();

    /// <summary>What may not be as it was meant.</summary>
    public IReadOnlyList<ClusterWarning> Warnings() => [.. ClusterWarnings.Of(_members, Singletons.Statuses(_members)), .. _apart, .. Certificate() is { } certificate ? [certificate] : Array.Empty<ClusterWarning>()];

    public IReadOnlyList<StreamStatus> Streams()
    {
        lock (_lock)
        {
            return
            [
                .. _members.SelectMany(member => (member.Profile?.Offers.Select(offer => offer.Stream) ?? []).Concat(member.Profile?.Feeds.Select(feeding => feeding.Stream) ?? [])).Distinct()
                    .Order(StringComparer.Ordinal).Select(stream => StreamStatuses.Of(stream, OffersOf(stream), _members, _tables.GetValueOrDefault(stream))),
            ];
        }
    }

    /// <summary>What is known of the nodes.</summary>
    public void Set(IReadOnlyList<KnownMember> members)
    {
        lock (_lock)
        {
            _members = members;
            Standing.Set(members);
            TellAll();
        }
        Singletons.Look();
    }

    /// <summary>Another node is taken to be gone.</summary>
    public void CountGone() => Interlocked.Increment(ref _gone);

    /// <summary>This node was, and joins anew.</summary>
    public void CountJoinedAnew() => Interlocked.Increment(ref _joinedAnew);

    /// <summary>A node that wanted to join was refused here.</summary>
    /// <param name="reason">One of <see cref="JoinRefusals"/>.</param>
    public void CountRefused(string reason)
    {
        lock (_refused) _refused[reason]++;
    }

    /// <summary>What the cluster has agreed on of streams that are fed by key. What is older than what is known already does not count.</summary>
    public void SetTables(IEnumerable<SlotTable> tables)
    {
        lock (_lock)
        {
            foreach (var table in tables.Where(table => !_tables.TryGetValue(table.Stream, out var known) || known.Epoch < table.Epoch)) _tables[table.Stream] = table;
            TellAll();
        }
    }

    /// <summary>The others have taken this node to be gone, or it ends its part: what was agreed on does not count here any more, from now on.</summary>
    public void HearThatItIsGone()
    {
        Standing.End();
        TellTables();
        Singletons.Look();
    }

    /// <summary>This node is not one of the others any more, and what they agree on is not known.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _members = [];
            Standing.Forget();
            Oldest = null;
            Strangers = new HashSet<string>();
            _tables.Clear();
            TellAll();
        }
        Singletons.Forget();
        Pools.Forget();
    }

    /// <summary>Has all who follow a table look at it again.</summary>
    public void TellTables()
    {
        lock (_lock)
        {
            foreach (var follower in _followers) follower.TellTable(_tables.GetValueOrDefault(follower.Feeding.Stream), again: true);
            foreach (var offering in _own) offering.TellTable(_tables.GetValueOrDefault(offering.Offer.Stream), again: true);
        }
    }

    /// <summary>A component of this node takes a stream.</summary>
    public IStreamOffering Offer(StreamOffer offer, Action<SlotTable> table)
    {
        var offering = new Offering(this, offer, table);
        Change(() => _own.Add(offering));
        return offering;
    }

    /// <summary>Tells who takes a stream, at once and whenever that changes.</summary>
    public IStreamFollowing Follow(StreamFeeding feeding, Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> table)
    {
        var follower = new Follower(this, feeding, changed, table);
        Change(() => _followers.Add(follower));
        return follower;
    }

    /// <summary>Done when no component of this node feeds a stream any more.</summary>
    public Task WhenNotFedHere(string stream)
    {
        lock (_lock)
        {
            if (!IsFed(stream)) return Task.CompletedTask;
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((stream, waiting));
            return waiting.Task;
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            TellAll();
            foreach (var (stream, waiting) in _waiting.Where(each => !IsFed(each.Stream))) waiting.TrySetResult();
            _waiting.RemoveAll(each => each.Waiting.Task.IsCompleted);
        }
        OwnChanged?.Invoke();
    }

    private bool IsFed(string stream) => _followers.Any(follower => follower.Feeding.Stream == stream);

    private void TellAll()
    {
        foreach (var follower in _followers)
        {
            follower.Tell(OffersOf(follower.Feeding.Stream));
            follower.TellTable(_tables.GetValueOrDefault(follower.Feeding.Stream));
        }
        foreach (var offering in _own) offering.TellTable(_tables.GetValueOrDefault(offering.Offer.Stream));
    }

    /// <remarks>
    /// Of a node that does not answer too: it may be that only the cluster's own connection is broken, and connections of messages notice by themselves. What this node
    /// offers itself does not depend on any other.
    /// </remarks>
    private List<StreamOffer> OffersOf(string stream)
    {
        var others = _members.Where(member => member.Line is { IsSelf: false, State: "up" or "weakly-up" or "leaving" }).SelectMany(member => member.Profile?.Offers ?? []);
        return [.. _own.Select(offering => Weighted(offering.Offer)).Concat(others.Where(offer => !offer.IsLeaving).Select(offer => offer with { Finished = 0 })).Where(offer => offer.Stream == stream)];
    }

    private StreamOffer Weighted(StreamOffer offer) => Pools.WeightOf(offer.Stream) is { } weight ? offer with { Weight = weight } : offer;

    private sealed class Offering(ClusterView view, StreamOffer offer, Action<SlotTable> tableChanged) : IStreamOffering
    {
        private long _lastTable;

        public StreamOffer Offer => offer;

        public bool IsWithdrawn { get; private set; }

        public long Finished { get; private set; }

        public void Say(long finished) => view.Change(() => Finished = finished);

        public void TellTable(SlotTable? table, bool again = false)
        {
            if (table is null || !again && _lastTable == table.Epoch) return;
            _lastTable = table.Epoch;
            tableChanged(table);
        }

        public void WithdrawFromOthers() => view.Change(() => IsWithdrawn = true);

        public void Dispose() => view.Change(() => view._own.Remove(this));
    }

    private sealed class Follower(ClusterView view, StreamFeeding feeding, Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> tableChanged) : IStreamFollowing
    {
        private IReadOnlyList<StreamOffer>? _last;
        private SlotTable? _lastTable;

        public StreamFeeding Feeding { get; private set; } = feeding;

        public void Say(long feeder, long finished) => view.Change(() => Feeding = Feeding with { Feeder = feeder, Finished = finished });

        public void Dispose() => view.Change(() => view._followers.Remove(this));

        public void Tell(IReadOnlyList<StreamOffer> offers)
        {
            if (_last is { } last && last.SequenceEqual(offers)) return;
            _last = offers;
            changed(offers);
        }

        public void TellTable(SlotTable? table, bool again = false)
        {
            if (!again && _lastTable?.Epoch == table?.Epoch) return;
            _lastTable = table;
            tableChanged(table);
        }
    }
}

/// <summary>A node of the cluster, with what it has told of itself.</summary>
internal sealed record KnownMember(ClusterMember Line, NodeProfile? Profile);
