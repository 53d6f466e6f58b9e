using MessageRouter.Components;
using MessageRouter.Monitoring;
using MessageRouter.Routing;

namespace MessageRouter.Control.Graphs;

/// <summary>A node as components and edges between them: as its files describe it, or as it runs.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="IsLive">Whether there are numbers with it.</param>
/// <param name="Nodes">Its components, in the order of the file; the output of the error chain last.</param>
/// <param name="Edges">Who sends to whom. That all send to the error chain is left out.</param>
internal sealed record NodeGraph(string Name, bool IsLive, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>What is to be said with it, sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static NodeGraph Of(NodeDefinition definition)
    {
        var names = definition.Components.ToDictionary(component => component.Name, component => component.FullName);
        return new NodeGraph(
            definition.Name, false,
            [.. definition.Components.Append(definition.Errors).Select(component => new GraphNode(component.FullName, component.Type.Name, component.Role.Word()) { Copies = component.IsPool ? component.Instances : 0 })],
            [.. definition.Components.SelectMany(component => component.To.Distinct().Select(to => new GraphEdge(component.FullName, names[to])))]);
    }

    public static NodeGraph Of(NodeStatus status)
    {
        var edges = status.Edges.ToDictionary(edge => (edge.From, edge.To));
        return new NodeGraph(
            status.Node, true,
            [.. status.Components.OrderBy(component => component.Name == GraphNode.ErrorChain).Select(Node)],
            [.. status.Components.SelectMany(component => component.To.Distinct().Select(to => Edge(component.Name, to)))]);

        GraphEdge Edge(string from, string to) => edges.GetValueOrDefault((from, to)) is not { } edge
            ? new GraphEdge(from, to)
            : new GraphEdge(from, to) { Rate = edge.Rate.TenSeconds, DroppedRate = edge.DroppedRate.TenSeconds, Dropped = edge.Dropped, Waiting = edge.Waiting };
    }

    /// <summary>A component of a running node.</summary>
    public static GraphNode Node(ComponentStatus component) => new(component.Name, component.Type, component.Role)
    {
        Copies = component.Role == "filter" ? component.Workers?.Count ?? 0 : 0,
        State = component.State,
        Fill = component.Mailbox.Fill,
        Queued = component.Queued,
        InRate = component.InRate.TenSeconds,
        FailedRate = component.FailedRate.TenSeconds,
        Dropped = component.Dropped,
        DroppedRate = component.DroppedRate.ToDictionary(pair => pair.Key, pair => pair.Value.TenSeconds),
        WaitsFor = component.WaitingFor,
    };
}

/// <summary>A component; the numbers are those of a running node.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Type">What its <c>type</c> or <c>class</c> names.</param>
/// <param name="Role"><c>input</c>, <c>filter</c> or <c>output</c>.</param>
internal sealed record GraphNode(string Name, string Type, string Role)
{
    public const string ErrorChain = "errors";

    /// <summary>Whether it is the output of the error chain, to which all send.</summary>
    public bool IsErrorChain => Name == ErrorChain;

    /// <summary>Copies of a pool; 0 for what is none.</summary>
    public int Copies { get; init; }

    public string State { get; init; } = "";

    public double Fill { get; init; }

    public long Queued { get; init; }

    public double InRate { get; init; }

    public double FailedRate { get; init; }

    /// <summary>Since the start, by reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, double> DroppedRate { get; init; } = new Dictionary<string, double>();

    public WaitingFor? WaitsFor { get; init; }
}

/// <summary>That one component sends to another; the numbers are those of a running node.</summary>
/// <param name="From">The sender's full name.</param>
/// <param name="To">The receiver's.</param>
internal sealed record GraphEdge(string From, string To)
{
    public double Rate { get; init; }

    public double DroppedRate { get; init; }

    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    public long Waiting { get; init; }
}
