using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Pools;
using MessageRouter.Cluster.Singletons;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Clustering;

/// <summary>A cluster of which every node knows at once what another one tells, without Akka.</summary>
internal sealed class FakeCluster
{
    /// <summary>For how long a node that is out of touch with the others may go on by what was agreed on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ClusterView> _all = [];
    private readonly Dictionary<string, ClusterView> _views = [];
    private readonly Dictionary<string, SlotTable> _tables = [];
    private readonly List<SlotTable> _decided = [];
    private readonly Dictionary<string, SingletonHolder> _holders = [];
    private readonly Dictionary<string, PoolShares> _pools = [];
    private readonly Dictionary<(string Pool, string Node), int> _placed = [];
    private readonly HashSet<string> _lost = [];
    private readonly Dictionary<string, long> _awake = [];
    private readonly Dictionary<string, Func<OwnFacts>> _facts = [];
    private readonly Dictionary<string, string[]> _roles = [];

    /// <summary>By which it is told for how long a node has been out of touch.</summary>
    public FakeTimeProvider Clock { get; } = new();

    /// <summary>What was decided of streams that are fed by key.</summary>
    public IReadOnlyList<SlotTable> Decided
    {
        get
        {
            lock (_lock) return [.. _decided];
        }
    }

    /// <summary>Starts a node of the cluster, in which each component sends to the next, and the last to a sink.</summary>
    public Task<TestNode> StartAsync(string name, params ComponentDefinition[] chain) => StartAsync(name, Some.Chain(chain));

    public async Task<TestNode> StartAsync(string name, NodeDefinition definition, Action<IServiceCollection>? configure = null)
    {
        var directory = Join(name);
        var node = await TestNode.StartAsync(definition, services =>
        {
            services.AddSingleton(directory).AddSingleton<ISingletons>(View(name).Singletons).AddSingleton<IPlacements>(new Placer(View(name)));
            Zmq.Engines(services);
            configure?.Invoke(services);
        });
        lock (_lock) _facts[name] = OwnFacts.Of(node.Node);
        TellAll();
        return node;
    }

    /// <summary>A node that is started after this has roles.</summary>
    public void Give(string name, params string[] roles)
    {
        lock (_lock) _roles[name] = roles;
    }

    /// <summary>What a node of that name knows of the cluster.</summary>
    public IStreamDirectory Join(string name)
    {
        var view = new ClusterView { Standing = new Standing(() => Awake(name), Clock) { Patience = Patience } };
        lock (_lock)
        {
            _all[name] = _views[name] = view;
            view.Singletons.Roles = view.Pools.Roles = _roles.GetValueOrDefault(name, []);
        }
        (view.Singletons.Awake, view.Singletons.IsInTouch) = (() => Awake(name), () => view.Standing.IsInTouch);
        view.Pools.Node = name;
        view.OwnChanged = TellAll;
        TellAll();
        return new Directory(name, view, this);
    }

    /// <summary>A node's process stands still, or goes on again.</summary>
    public void Sleep(string name, bool sleeps)
    {
        ClusterView view;
        lock (_lock)
        {
            var naps = Math.Abs(_awake.GetValueOrDefault(name));
            _awake[name] = sleeps ? -naps - 1 : naps;
            view = _all[name];
        }
        if (sleeps) return;
        view.TellTables();
        view.Singletons.Look();
    }

    /// <summary>A node reaches no other one any more, or does again; they have not given it up.</summary>
    public void Lose(string name, bool isLost)
    {
        lock (_lock)
        {
            if (isLost) _lost.Add(name);
            else _lost.Remove(name);
        }
        TellAll();
    }

    /// <summary>What a node knows.</summary>
    public ClusterView View(string name)
    {
        lock (_lock) return _all[name];
    }

    /// <summary>A node is gone for the others, though it may not know.</summary>
    public void Forget(string name)
    {
        lock (_lock) _views.Remove(name);
        TellAll();
    }

    /// <summary>The cluster decides how many copies a node is to have, whatever all have told.</summary>
    public void Place(string pool, string name, int copies)
    {
        lock (_lock) _placed[(pool, name)] = copies;
        TellAll();
    }

    /// <summary>Has all tell what they are.</summary>
    public void TellAll()
    {
        lock (_lock)
        {
            List<(string Name, NodeProfile Profile)> profiles = [.. _views.Select(view => (view.Key, Profile(view.Key, view.Value)))];
            var nodes = profiles.ConvertAll(each => each.Profile);
            foreach (var holder in SingletonCoordinator.Next(_holders.Values, nodes, coordinator: 1)) _holders[holder.Name] = holder;
            while (SlotCoordinator.Next(_tables.Values, nodes, coordinator: 1) is { Count: > 0 } next)
            {
                _decided.AddRange(next);
                foreach (var table in next) _tables[table.Stream] = table;
            }
            foreach (var pool in PoolCoordinator.Next(_pools.Values, nodes, coordinator: 1)) _pools[pool.Name] = pool;
            foreach (var (where, copies) in _placed.Where(placed => _pools.TryGetValue(placed.Key.Pool, out var pool) && pool.Shares.GetValueOrDefault(placed.Key.Node) != placed.Value))
                _pools[where.Pool] = _pools[where.Pool] with { Epoch = _pools[where.Pool].Epoch + 1, Shares = new Dictionary<string, int>(_pools[where.Pool].Shares) { [where.Node] = copies } };
            foreach (var (name, view) in _views)
            {
                view.Pools.Set(_pools.Values);
                view.SetTables(_tables.Values);
                if (!_lost.Contains(name)) view.Singletons.Set(_holders.Values);
                view.Set([.. profiles.Select(each => new KnownMember(new ClusterMember(each.Name, each.Name, "up", each.Name == name || !(_lost.Contains(name) || _lost.Contains(each.Name))) { IsSelf = each.Name == name, Roles = _roles.GetValueOrDefault(each.Name, []) }, each.Profile))]);
            }
        }
    }

    private NodeProfile Profile(string name, ClusterView view)
    {
        var facts = _facts.GetValueOrDefault(name)?.Invoke() ?? OwnFacts.None;
        return new NodeProfile(name, "1", view.Offers, view.Feeds) { Singletons = view.Singletons.Candidates, Pools = view.Pools.Candidates, Flows = facts.Flows, Failing = facts.Failing, GivenUp = facts.GivenUp, Lacking = view.Lacking };
    }

    private long Awake(string name)
    {
        lock (_lock) return _awake.GetValueOrDefault(name);
    }

    private sealed class Placer(ClusterView view) : IPlacements
    {
        public IPlacement Join(string name, PlacementOptions options, Action<int> changed) => view.Pools.Join(name, options, changed);

        public Task ResizeAsync(string name, int total, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Directory(string node, ClusterView view, FakeCluster cluster) : IStreamDirectory
    {
        public string Node => node;

        public string Host => "127.0.0.1";

        public string BindHost => "127.0.0.1";

        public IStreamOffering Offer(string stream, string input, string endpoint, DeliveryMode delivery, int weight, Action<SlotTable> table) => view.Offer(new StreamOffer(stream, node, endpoint, delivery) { Input = input, Weight = weight }, table);

        public Task WhenNotFedHere(string stream) => view.WhenNotFedHere(stream);

        public IStreamFollowing Follow(StreamFeeding feeding, Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> table) => view.Follow(feeding, changed, table);

        public long Awake => cluster.Awake(node);

        public long Standing => view.Standing.Period;
    }
}
