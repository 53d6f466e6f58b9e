using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;

namespace MessageRouter.Monitoring;

/// <summary>
/// Looks at all counters of a node once a second, by the node's clock, so that rates can be told. Nobody who routes messages is asked anything or
/// waits: counters are read where they stand.
/// </summary>
internal sealed class NodeHistory : IDisposable
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>The part of a mailbox from which on it counts as full: who waits for room fills it up only now and then.</summary>
    private const double NearlyFull = 0.9;

    private readonly Topology _topology;
    private readonly Lock _lock = new();
    private readonly Dictionary<ComponentCounts, ComponentSeries> _components = [];
    private readonly Dictionary<(string From, string To), EdgeSeries> _edges = [];
    private readonly ITimer _timer;
    private long _looks;
    private int _revision = 1;

    public NodeHistory(Topology topology, TimeProvider clock)
    {
        _topology = topology;
        Process = new ProcessMeter();
        Sample();
        _timer = clock.CreateTimer(_ => Sample(), null, Step, Step);
    }

    public ProcessMeter Process { get; }

    /// <summary>How often it has looked.</summary>
    public long Looks => Interlocked.Read(ref _looks);

    /// <summary>Told after each look, on any thread.</summary>
    public event Action? Sampled;

    /// <summary>Whether there will be no more looks.</summary>
    public bool IsOver { get; private set; }

    public void Dispose() => _timer.Dispose();

    /// <summary>Looks once more, at a node that has stopped.</summary>
    public void LookLast()
    {
        IsOver = true;
        Sample();
    }

    /// <summary>Calls with what is known of a component; null where it has never been looked at.</summary>
    public T Of<T>(ComponentCell cell, Func<ComponentSeries?, T> read)
    {
        lock (_lock) return read(_components.GetValueOrDefault(cell.Counts));
    }

    /// <summary>Calls with what is known of an edge.</summary>
    public T Of<T>(string from, string to, Func<EdgeSeries?, T> read)
    {
        lock (_lock) return read(_edges.GetValueOrDefault((from, to)));
    }

    private void Sample()
    {
        lock (_lock)
        {
            foreach (var cell in _topology.All)
            {
                if (!_components.TryGetValue(cell.Counts, out var series)) _components[cell.Counts] = series = new ComponentSeries();
                series.Add(ComponentLine.Of(cell, withWorkers: false), cell.Mailbox);
                foreach (var group in cell.Sources.GroupBy(edge => edge.From))
                {
                    if (!_edges.TryGetValue((group.Key, cell.Name), out var edge)) _edges[(group.Key, cell.Name)] = edge = new EdgeSeries();
                    edge.Add(group);
                }
            }
            if (_revision != _topology.Revision) ForgetRemoved();
            Process.Sample();
            _looks++;
        }
        Sampled?.Invoke();
    }

    private void ForgetRemoved()
    {
        _revision = _topology.Revision;
        var counted = _topology.Counted;
        foreach (var counts in _components.Keys.Except(counted.Select(cell => cell.Counts)).ToList()) _components.Remove(counts);
        var names = counted.Select(cell => cell.Name).ToHashSet();
        foreach (var edge in _edges.Keys.Where(edge => !names.Contains(edge.To)).ToList()) _edges.Remove(edge);
    }

    /// <summary>What one component has counted over time.</summary>
    internal sealed class ComponentSeries
    {
        private readonly Dictionary<string, CounterSeries> _dropped = [];

        public CounterSeries In { get; } = new();

        public CounterSeries Out { get; } = new();

        public CounterSeries Failed { get; } = new();

        public CounterSeries Dropped { get; } = new();

        /// <summary>Messages that had come in and been dropped neither at the door nor later: where the one that waits longest stands among them tells for how long it does.</summary>
        public CounterSeries Kept { get; } = new();

        public IReadOnlyDictionary<string, CounterSeries> DroppedBy => _dropped;

        /// <summary>Looks in a row, one a second, at which the mailbox was full or nearly.</summary>
        public int FullSeconds { get; private set; }

        public void Add(ComponentLine line, BoundedMailbox mailbox)
        {
            FullSeconds = mailbox.Queued >= mailbox.Capacity * NearlyFull || mailbox.Bytes >= mailbox.MaxBytes * NearlyFull ? FullSeconds + 1 : 0;
            var dropped = line.Dropped.Values.Sum();
            In.Add(line.In + line.Created);
            Out.Add(line.Out);
            Failed.Add(line.Failed);
            Dropped.Add(dropped);
            Kept.Add(line.In + line.Created - dropped);
            foreach (var (reason, count) in line.Dropped)
            {
                if (!_dropped.TryGetValue(reason, out var series))
                {
                    _dropped[reason] = series = new CounterSeries();

                    // It was nothing until now.
                    for (var i = Math.Min(Dropped.Count - 1, 60); i > 0; i--) series.Add(0);
                }
                series.Add(count);
            }
        }
    }

    /// <summary>What went over one edge over time.</summary>
    internal sealed class EdgeSeries
    {
        public CounterSeries Offered { get; } = new();

        public CounterSeries Dropped { get; } = new();

        public void Add(IEnumerable<Edge> edges)
        {
            var (offered, dropped) = (0L, 0L);
            foreach (var edge in edges)
            {
                offered += edge.Offered.Value;
                dropped += edge.Dropped.Total;
            }
            Offered.Add(offered);
            Dropped.Add(dropped);
        }
    }
}
