using System.Text;

namespace MessageRouter.Control.Graphs;

/// <summary>A graph for Graphviz.</summary>
internal static class DotWriter
{
    public static string Write(NodeGraph graph)
    {
        var text = new StringBuilder($"digraph {Quote(graph.Name)} {{\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n  edge [fontname=\"sans-serif\", fontsize=10];\n");
        foreach (var node in graph.Nodes) text.Append($"  {Quote(node.Name)} [label={Label(node, graph.IsLive)}{Look(node)}];\n");
        foreach (var edge in graph.Edges) text.Append($"  {Quote(edge.From)} -> {Quote(edge.To)}{(graph.IsLive ? Live(edge) : "")};\n");
        if (graph.Notes.Count > 0) text.Append($"  label={Quote(string.Join('\n', graph.Notes))};\n  labelloc=b;\n  fontname=\"sans-serif\";\n  fontcolor=red;\n");
        return text.Append("}\n").ToString();
    }

    private static string Label(GraphNode node, bool isLive)
    {
        var lines = new List<string> { node.Name, node.Copies > 0 ? $"{node.Type} × {node.Copies}" : node.Type };
        if (isLive)
        {
            lines.Add($"{node.State}, {GraphNumbers.Percent(node.Fill)} full");
            if (node.WaitsFor is { } waits && waits.Component != node.Name) lines.Add($"held up by {waits.Component}");
            if (GraphNumbers.Drops(node) is { Length: > 0 } drops) lines.Add($"dropped: {drops}");
        }
        return Quote(string.Join('\n', lines));
    }

    private static string Look(GraphNode node) =>
        (node.IsErrorChain ? ", style=\"rounded,dashed\"" : "") + (node.DroppedRate.Values.Any(rate => rate > 0) ? ", color=red, fontcolor=red" : "");

    private static string Live(GraphEdge edge)
    {
        var drops = GraphNumbers.Drops(edge);
        var label = Quote(GraphNumbers.Rate(edge.Rate) + (drops.Length > 0 ? $"\n{drops}" : ""));
        return $" [label={label}, penwidth={GraphNumbers.Number(GraphNumbers.EdgeWidth(edge.Rate))}{(edge.DroppedRate > 0 ? ", color=red, fontcolor=red" : "")}]";
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
