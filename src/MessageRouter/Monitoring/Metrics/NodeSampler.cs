using System.Diagnostics.Metrics;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Workers;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace MessageRouter.Monitoring.Metrics;

/// <summary>Looks at a node's counters for its instruments. One look at a time; components, copies and peers may come and go meanwhile.</summary>
internal sealed class NodeSampler
{
    /// <summary>What is said of a message that has waited for longer than the node remembers.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly RouterNode _node;
    private readonly Tag[] _tags;
    private readonly Dictionary<string, ComponentMemory> _components = [];
    private readonly Dictionary<string, GrowingSum<string>> _restarts = [];

    public NodeSampler(RouterNode node)
    {
        _node = node;
        _tags = [new("router", node.Definition.Name)];
    }

    public static IReadOnlyList<string> NodeStates { get; } = ["starting", "running", "draining", "stopped"];

    /// <summary>Copies that have ended are none.</summary>
    public static IReadOnlyList<(PoolCopyState State, string Word)> CopyStates { get; } =
    [
        (PoolCopyState.Starting, "starting"), (PoolCopyState.Running, "running"), (PoolCopyState.SetAside, "set-aside"),
        (PoolCopyState.Failed, "failed"), (PoolCopyState.Stopped, "stopped"), (PoolCopyState.Ending, "ending"),
    ];

    public static IReadOnlyList<string> ProcessStates { get; } = [.. Enum.GetValues<WorkerState>().Select(state => state.ToString().ToLowerInvariant())];

    public NodeSample Look()
    {
        // Begun here: how long something waits is known only of what came later.
        _ = _node.History;
        var memory = _node.Topology.Memory;
        var state = _node.State;
        Tag[] info = [.. _tags, new("version", StatusReader.Version), new("configuration_hash", _node.Definition.ConfigurationHash ?? "")];
        return new NodeSample(
            _tags, info, [.. _node.Topology.All.Select(cell => Component(cell, MemoryOf(cell)))], [.. _node.Topology.All.SelectMany(Edges)], Groups(),
            [.. NodeStates.Select(word => With(_tags, "state", word, word == state ? 1 : 0))], _node.Uptime, memory.Waiting, memory.Limit, memory.IsFull, _node.Topology.SecurityProblems.Count,
            ClusterSample.Of(_node.Cluster?.Status, _tags));
    }

    /// <remarks>A reload may make a component another one of the same name.</remarks>
    private ComponentMemory MemoryOf(ComponentCell cell)
    {
        if (_components.TryGetValue(cell.Name, out var memory) && memory.Type == cell.Definition.Type.Name) return memory;
        return _components[cell.Name] = new ComponentMemory(
            cell.Definition.Type.Name, [.. _tags, new("component", cell.Name), new("type", cell.Definition.Type.Name), new("role", cell.Definition.Role.Word())]);
    }

    private ComponentSample Component(ComponentCell cell, ComponentMemory memory)
    {
        var tags = memory.Tags;
        var line = ComponentLine.Of(cell, withWorkers: false);
        var state = ComponentState.Of(cell);
        var connections = cell.Connections?.Invoke();
        return new ComponentSample(tags, line)
        {
            Dropped = [.. memory.Reasons.Of(line.Dropped).Select(dropped => With(tags, "reason", dropped.Reason, dropped.Count))],
            States = [.. ComponentState.All.Select(word => With(tags, "state", word, word == state ? 1 : 0))],
            Capacity = cell.Mailbox.Capacity,
            Fill = StatusReader.FillOf(cell.Mailbox),
            Oldest = line.Queued == 0 ? 0 : _node.History.Of(cell, series => StatusReader.Oldest(line, series) ?? (series?.Kept.Count > Longest / NodeHistory.Step ? Longest.TotalSeconds : null)),
            BackOff = cell.OpensAgainAt is { } at ? Math.Max(0, cell.Clock.GetElapsedTime(cell.Clock.GetTimestamp(), at).TotalSeconds) : 0,
            Connections = connections is null ? [] : [.. Directions.Select(direction => With(tags, "direction", direction, connections.Count(connection => connection.Direction == direction)))],
            Totals = connections is null ? null : memory.Connections.Add(connections),
            Refused = cell.Counts.Refused is not { } refused ? [] : [.. refused.Snapshot().Select(rule => With(tags, "reason", rule.Key, rule.Value))],
            LostUpstream = [.. LossSeries.Of(line.Upstream, memory.UpstreamReasons).Select(lost => With(tags, "reason", lost.Reason, lost.Count))],
            LostDownstream = [.. LossSeries.Of(line.Downstream, memory.DownstreamReasons).Select(lost => With(tags, "reason", lost.Reason, lost.Count))],
            Copies = cell.Pool is not { } pool ? [] : [.. CopyStates.Select(known => With(tags, "state", known.Word, pool.Copies.Count(copy => copy.State == known.State)))],
        };
    }

    private static IReadOnlyList<string> Directions { get; } = ["accepted", "connected"];

    private IEnumerable<EdgeSample> Edges(ComponentCell cell) => cell.Sources.Where(edge => edge.From.Length > 0).GroupBy(edge => edge.From).Select(from => Edge(from.Key, cell.Name, from));

    private EdgeSample Edge(string from, string to, IEnumerable<Edge> edges)
    {
        var (offered, dropped, waiting) = (0L, 0L, 0L);
        foreach (var edge in edges)
        {
            offered += edge.Offered.Value;
            dropped += edge.Dropped.Total;
            waiting += edge.Waiting.Value;
        }
        return new EdgeSample([.. _tags, new("from", from), new("to", to)], offered, dropped, waiting);
    }

    private List<GroupSample> Groups()
    {
        var lines = _node.Processes.ToLookup(line => line.Group);
        foreach (var group in _node.Definition.Workers) _restarts.TryAdd(group.Name, new GrowingSum<string>());
        return [.. _node.Definition.Workers.Select(group => Group(group.Name, _restarts[group.Name], lines[group.Name]))];
    }

    private GroupSample Group(string name, GrowingSum<string> restarts, IEnumerable<ProcessLine> lines)
    {
        Tag[] tags = [.. _tags, new("group", name)];
        return new GroupSample(
            [.. ProcessStates.Select(state => With(tags, "state", state, lines.Count(line => line.State == state)))],
            new Measurement<long>(restarts.Add(lines.Select(line => (line.Name, line.Restarts))), tags));
    }

    private static Measurement<long> With(Tag[] tags, string label, string word, long value) => new(value, [.. tags, new(label, word)]);

    /// <summary>What is known of a component from one look to the next.</summary>
    private sealed class ComponentMemory(string type, Tag[] tags)
    {
        public string Type => type;

        public Tag[] Tags => tags;

        public BoundedReasons Reasons { get; } = new();

        public BoundedReasons UpstreamReasons { get; } = new();

        public BoundedReasons DownstreamReasons { get; } = new();

        public ConnectionSums Connections { get; } = new();
    }
}
