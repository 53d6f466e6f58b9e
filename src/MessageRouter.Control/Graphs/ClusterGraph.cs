using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;

namespace MessageRouter.Control.Graphs;

/// <summary>A cluster that runs as a graph: components that feed streams, those of all nodes that take them, and the links between. What has no end of a stream, or is away, stands for itself.</summary>
internal static class ClusterGraph
{
    public static NodeGraph Of(ClusterReport report)
    {
        var nodes = report.Nodes.DistinctBy(node => node.Member.Name).ToList();
        var edges = (from node in nodes from output in EndsOf(node, "output") from worker in output.Workers ?? [] where worker.State != "gone" select Edge(nodes, node, output, worker))
            .GroupBy(edge => (edge.From, edge.To)).Select(same => same.Aggregate(Sum)).ToList();
        var boxes = nodes.SelectMany(Boxes).ToList();
        return new NodeGraph(report.Cluster.Name, true, [.. boxes, .. edges.Select(edge => edge.To).Except(boxes.Select(box => box.Name)).Select(Away)], edges) { Notes = [.. report.Cluster.Warnings.Select(warning => warning.Text)] };
    }

    private static IEnumerable<GraphNode> Boxes(NodeOfCluster node)
    {
        var ends = EndsOf(node, "output").Concat(EndsOf(node, "input")).ToList();
        if (ends.Count == 0) return [node.Status is { } status ? Away(node.Member.Name) with { State = status.State } : Away(node.Member.Name)];
        return ends.Select(end => NodeGraph.Node(end) with { Name = NameOf(node, end), Type = $"{(end.Role == "input" ? "takes" : "feeds")} {end.Stream}", Copies = 0 });
    }

    private static GraphNode Away(string name) => new(name, "node", "node") { State = "away" };

    private static GraphEdge Edge(List<NodeOfCluster> nodes, NodeOfCluster from, ComponentStatus output, WorkerLine worker)
    {
        // By its node and where that listens, as feeders call it.
        var (name, endpoint) = worker.Name.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at ? (worker.Name[..at], worker.Name[(at + 2)..].TrimEnd(')')) : (worker.Name, "");
        var target = nodes.FirstOrDefault(node => node.Member.Name == name);
        var takers = target is null ? [] : EndsOf(target, "input").Where(input => input.Stream == output.Stream).ToList();
        var port = endpoint[(endpoint.LastIndexOf(':') + 1)..];
        var taker = takers.Find(input => input.Endpoints.Any(bound => bound[(bound.LastIndexOf(':') + 1)..] == port)) ?? takers.FirstOrDefault();
        return new GraphEdge(NameOf(from, output), taker is null ? name : NameOf(target!, taker))
        {
            Rate = worker.Rate,
            Waiting = worker.Queued,
            Dropped = worker.Missed is { } missed ? new Dictionary<string, long> { ["missed"] = missed } : new Dictionary<string, long>(),
        };
    }

    private static GraphEdge Sum(GraphEdge one, GraphEdge other) => one with
    {
        Rate = one.Rate + other.Rate,
        Waiting = one.Waiting + other.Waiting,
        Dropped = one.Dropped.Concat(other.Dropped).GroupBy(reason => reason.Key).ToDictionary(reason => reason.Key, reason => reason.Sum(each => each.Value)),
    };

    private static IEnumerable<ComponentStatus> EndsOf(NodeOfCluster node, string role) => (node.Status?.Components ?? []).Where(component => component.Role == role && component.Stream is not null);

    private static string NameOf(NodeOfCluster node, ComponentStatus end) => $"{end.Name} of {node.Member.Name}";
}
