using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Monitoring.Metrics;

/// <summary>
/// The meter <c>MessageRouter</c> of one node: instruments over its counters, read when somebody collects and never before. What routes messages knows
/// nothing of it.
/// </summary>
/// <remarks>How many series an instrument has depends on the configuration only, whatever peers do.</remarks>
internal sealed class NodeMeter : IDisposable
{
    /// <summary>What a host adds to what it exports.</summary>
    public const string Name = "MessageRouter";

    private const string Messages = "{message}";

    private readonly SharedLook<NodeSample> _looks;
    private readonly Dictionary<string, int> _mostSeries = [];
    private readonly ConcurrentBag<IDisposable> _readers = [];

    /// <param name="node">The node.</param>
    /// <param name="factory">The host's; null where it has none.</param>
    public NodeMeter(RouterNode node, IMeterFactory? factory)
    {
        _looks = new SharedLook<NodeSample>(new NodeSampler(node).Look);
        var options = new MeterOptions(Name) { Version = StatusReader.Version };
        Meter = factory?.Create(options) ?? new Meter(options);
        var components = node.Definition.Components.Count + 1;
        AddComponents(components);
        AddGaps(components);
        AddEdges(node.Topology.All.Sum(cell => cell.Sources.Select(edge => edge.From).Distinct().Count()));
        AddPeers(components, node.Definition.Components.Count(component => component.IsPool), node.Definition.Workers.Count);
        AddCluster(components);
        AddNode();
    }

    /// <summary>The node's own one, also where a process has several.</summary>
    public Meter Meter { get; }

    /// <summary>How many series an instrument can have.</summary>
    public int MostSeries(string instrument) => _mostSeries[instrument];

    /// <summary>Has somebody who collects disposed with the meter.</summary>
    public void Add(IDisposable reader) => _readers.Add(reader);

    /// <remarks>A meter of a host's factory is the factory's to dispose.</remarks>
    public void Dispose()
    {
        while (_readers.TryTake(out var reader)) reader.Dispose();
        Meter.Dispose();
    }

    private void AddComponents(int count)
    {
        CountEach("in", "Messages offered to the component, whether its mailbox took them or not; of an input read from outside.", component => component.Line.In);
        CountEach("made", "Messages that the component has made itself.", component => component.Line.Created);
        CountEach("out", "Messages passed on, once however many targets there are; of an output delivered.", component => component.Line.Out);
        CountEach("filtered", "Messages that a filter has decided not to pass on.", component => component.Line.Filtered);
        CountEach("failed", "Messages on which the component has failed; they are in the error chain.", component => component.Line.Failed);
        Count("messagerouter.component.messages.dropped", Messages, "Messages dropped, by reason.", count * (BoundedReasons.Most + 1), sample => sample.Components.SelectMany(component => component.Dropped));
        Level("messagerouter.component.messages.queued", Messages, "Messages that wait in the component, in its mailbox or before it.", count, sample => sample.Components.Select(component => component.Of(component.Line.Queued)));
        Level("messagerouter.component.queue.size", "By", "Bytes of the messages that wait in the component, in its mailbox or before it.", count, sample => sample.Components.Select(component => component.Of(component.Line.QueuedBytes)));
        Level("messagerouter.component.mailbox.capacity", Messages, "Messages that have room in the component's mailbox.", count, sample => sample.Components.Select(component => component.Of(component.Capacity)));
        Gauge("messagerouter.component.mailbox.utilization", "1", "How full the component's mailbox is, by messages or bytes, whichever is more: 0 to 1.", count, sample => sample.Components.Select(component => component.Of(component.Fill)));
        Gauge("messagerouter.component.oldest_message.age", "s", "How long the message has waited in the component that waits longest; ten minutes for all that is more.", count, sample => sample.Components.Where(component => component.Oldest is not null).Select(component => component.Of(component.Oldest!.Value)));
        Level("messagerouter.component.state", "{component}", "1 for the state that the component is in, 0 for the others.", count * ComponentState.All.Count, sample => sample.Components.SelectMany(component => component.States));
        Gauge("messagerouter.component.backoff.remaining", "s", "How long until the component is tried again after a failure; 0 where it does not wait for that.", count, sample => sample.Components.Select(component => component.Of(component.BackOff)));
        Count("messagerouter.component.restarts", "{restart}", "How often supervision has restarted the component.", count, sample => sample.Components.Select(component => component.Of(component.Line.Restarts)));

        void CountEach(string name, string description, Func<ComponentSample, long> value) =>
            Count($"messagerouter.component.messages.{name}", Messages, description, count, sample => sample.Components.Select(component => component.Of(value(component))));
    }

    private void AddGaps(int components)
    {
        CountGaps("lost", "Numbers that the component has missed in the sequences that applications write, and waits for no more.", gaps => gaps.Lost);
        CountGaps("duplicates", "Messages whose number in such a sequence had come before.", gaps => gaps.Duplicates);
        CountGaps("reordered", "Messages whose number in such a sequence came after a higher one.", gaps => gaps.Reordered);
        CountGaps("unnumbered", "Messages without a number.", gaps => gaps.Unnumbered);
        Count("messagerouter.component.gaps.restarts", "{restart}", "How often a source has begun its sequence again.", components, sample => Of(sample, gaps => gaps.Restarts));
        Count("messagerouter.component.gaps.forgotten", "{source}", "Sources that were forgotten to make room for others.", components, sample => Of(sample, gaps => gaps.Forgotten));
        Level("messagerouter.component.gaps.missing", Messages, "Numbers that have not come and still may.", components, sample => Of(sample, gaps => gaps.Missing));
        Level("messagerouter.component.gaps.sources", "{source}", "Sources that are remembered.", components, sample => Of(sample, gaps => gaps.Sources));

        void CountGaps(string name, string description, Func<GapLine, long> value) => Count($"messagerouter.component.gaps.{name}", Messages, description, components, sample => Of(sample, value));

        static IEnumerable<Measurement<long>> Of(NodeSample sample, Func<GapLine, long> value) =>
            sample.Components.Where(component => component.Line.Gaps is not null).Select(component => component.Of(value(component.Line.Gaps!)));
    }

    private void AddEdges(int count)
    {
        Count("messagerouter.edge.messages.offered", Messages, "Messages sent from one component to another, whether its mailbox took them or not.", count, sample => sample.Edges.Select(edge => edge.Of(edge.Offered)));
        Count("messagerouter.edge.messages.dropped", Messages, "Messages sent from one component to another that were dropped before or in its mailbox.", count, sample => sample.Edges.Select(edge => edge.Of(edge.Dropped)));
        Level("messagerouter.edge.messages.waiting", Messages, "Messages that the sender keeps until the mailbox of the other component has room.", count, sample => sample.Edges.Select(edge => edge.Of(edge.Waiting)));
    }

    private void AddPeers(int components, int pools, int groups)
    {
        Level("messagerouter.component.connections", "{connection}", "Connections to peers that the component has, by who has made them.", components * 2, sample => sample.Components.SelectMany(component => component.Connections));
        CountOver("messages.received", Messages, "Messages that came over the component's connections, those that have ended included.", sum => sum.MessagesIn);
        CountOver("messages.sent", Messages, "Messages written to the component's connections, those that have ended included.", sum => sum.MessagesOut);
        CountOver("received", "By", "Bytes that came over the component's connections, those of the protocol included.", sum => sum.BytesIn);
        CountOver("sent", "By", "Bytes written to the component's connections, those of the protocol included.", sum => sum.BytesOut);
        Count("messagerouter.component.connections.refused", "{connection}", "Connections that were refused, or ended later because the peer had broken a rule, by the rule.", components * Refusals.All.Count, sample => sample.Components.SelectMany(component => component.Refused));
        Count("messagerouter.component.upstream.messages.lost", Messages, "Messages that other nodes had for the component and that never came, by reason: in-transit, before-subscribe, or why the sender dropped them.", components * LossSeries.Most, sample => sample.Components.SelectMany(component => component.LostUpstream));
        Count("messagerouter.component.downstream.messages.lost", Messages, "Messages that the component had for other nodes and did not send them, by reason; each counts for every node that misses it.", components * LossSeries.Most, sample => sample.Components.SelectMany(component => component.LostDownstream));
        Level("messagerouter.pool.copies", "{copy}", "Copies of a pooled filter, by state.", pools * NodeSampler.CopyStates.Count, sample => sample.Components.SelectMany(component => component.Copies));
        Level("messagerouter.worker.processes", "{process}", "Worker processes of a group, by state.", groups * NodeSampler.ProcessStates.Count, sample => sample.Groups.SelectMany(group => group.Processes));
        Count("messagerouter.worker.restarts", "{restart}", "How often supervision has restarted worker processes of a group.", groups, sample => sample.Groups.Select(group => group.Restarts));

        void CountOver(string name, string unit, string description, Func<ConnectionTotals, long> value) =>
            Count($"messagerouter.component.connections.{name}", unit, description, components, sample => sample.Components.Where(component => component.Totals is not null).Select(component => component.Of(value(component.Totals!))));
    }

    private void AddCluster(int components)
    {
        Level("messagerouter.cluster.state", "{node}", "1 for what the node is at in its cluster, 0 for the others.", ClusterStatus.States.Count, sample => sample.Cluster.States);
        Level("messagerouter.cluster.members", "{node}", "Nodes of the cluster as this one sees them, itself included, by state.", ClusterMember.States.Count, sample => sample.Cluster.Members);
        Level("messagerouter.cluster.unreachable", "{node}", "Nodes of the cluster that do not answer.", 1, sample => sample.Cluster.Unreachable);
        Level("messagerouter.cluster.stream.members", "{node}", "Nodes that take or feed a stream that this node takes or feeds.", components * 2, sample => sample.Cluster.StreamMembers);
        Count("messagerouter.cluster.gone", "{node}", "How often another node was taken to be gone.", 1, sample => sample.Cluster.Gone);
        Count("messagerouter.cluster.joined_anew", "{join}", "How often the node was taken to be gone itself, and joined anew.", 1, sample => sample.Cluster.JoinedAnew);
        Count("messagerouter.cluster.refused", "{join}", "How often the node has refused another that wanted to join, by reason.", JoinRefusals.All.Count, sample => sample.Cluster.Refused);
    }

    private void AddNode()
    {
        Level("messagerouter.node.memory.waiting", "By", "Bytes of all messages that wait anywhere in the node, with what each takes beside them.", 1, sample => [sample.Of(sample.MemoryWaiting)]);
        Level("messagerouter.node.memory.limit", "By", "Bytes that may wait in the node before nothing more comes in; 0 for no limit.", 1, sample => [sample.Of(sample.MemoryLimit)]);
        Level("messagerouter.node.memory.full", null, "1 while nothing more comes in for want of memory, else 0.", 1, sample => [sample.Of(sample.IsMemoryFull ? 1 : 0)]);
        Level("messagerouter.node.security.problems", "{problem}", "Files and keys in lists of those who may connect that cannot be used as they are now, while what they said before is in force.", 1, sample => [sample.Of(sample.SecurityProblems)]);
        Gauge("messagerouter.node.uptime", "s", "How long the node has been there.", 1, sample => [new Measurement<double>(sample.Uptime.TotalSeconds, sample.Tags)]);
        Level("messagerouter.node.state", "{node}", "1 for the state that the node is in, 0 for the others.", NodeSampler.NodeStates.Count, sample => sample.States);
        Gauge("messagerouter.node.info", null, "1, with the router's version and the hash of the node's configuration.", 1, sample => [new Measurement<double>(1, sample.Info)]);
    }

    private void Count(string name, string unit, string description, int most, Func<NodeSample, IEnumerable<Measurement<long>>> read)
    {
        _mostSeries[name] = Math.Max(1, most);
        Meter.CreateObservableCounter(name, () => read(_looks.For(name)), unit, description);
    }

    /// <summary>What goes up and down, and makes sense as a sum.</summary>
    private void Level(string name, string? unit, string description, int most, Func<NodeSample, IEnumerable<Measurement<long>>> read)
    {
        _mostSeries[name] = Math.Max(1, most);
        Meter.CreateObservableUpDownCounter(name, () => read(_looks.For(name)), unit, description);
    }

    private void Gauge(string name, string? unit, string description, int most, Func<NodeSample, IEnumerable<Measurement<double>>> read)
    {
        _mostSeries[name] = Math.Max(1, most);
        Meter.CreateObservableGauge(name, () => read(_looks.For(name)), unit, description);
    }
}
