using System.Text;

namespace MessageRouter.Control.Graphs;

/// <summary>A graph for Mermaid, which repositories' pages draw.</summary>
internal static class MermaidWriter
{
    public static string Write(NodeGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        var ids = graph.Nodes.Select((node, index) => (node.Name, Id: FormattableString.Invariant($"n{index}"))).ToDictionary(pair => pair.Name, pair => pair.Id);
        foreach (var node in graph.Nodes)
        {
            var (open, close) = node.Role == "filter" ? ("[", "]") : ("([", "])");
            text.Append($"  {ids[node.Name]}{open}\"{Label(node, graph.IsLive)}\"{close}\n");
        }
        var edges = graph.Edges.Where(edge => ids.ContainsKey(edge.From) && ids.ContainsKey(edge.To)).ToList();
        foreach (var edge in edges) text.Append($"  {ids[edge.From]} -->{(graph.IsLive ? $"|\"{Numbers(edge)}\"|" : "")} {ids[edge.To]}\n");

        var lossy = graph.Nodes.Where(node => node.DroppedRate.Values.Any(rate => rate > 0)).ToList();
        if (lossy.Count > 0) text.Append($"  classDef dropping stroke:#d1242f,color:#d1242f\n  class {string.Join(',', lossy.Select(node => ids[node.Name]))} dropping\n");
        var losing = edges.Index().Where(pair => pair.Item.DroppedRate > 0).Select(pair => pair.Index).ToList();
        if (losing.Count > 0) text.Append($"  linkStyle {string.Join(',', losing)} stroke:#d1242f,color:#d1242f\n");
        if (graph.Nodes.FirstOrDefault(node => node.IsErrorChain) is { } errors) text.Append($"  style {ids[errors.Name]} stroke-dasharray:5 5\n");
        foreach (var (index, note) in graph.Notes.Index()) text.Append($"  note{GraphNumbers.Number(index)}[\"{Escape(note)}\"]\n  style note{GraphNumbers.Number(index)} stroke:#d1242f,stroke-dasharray:5 5\n");
        return text.ToString();
    }

    private static string Label(GraphNode node, bool isLive)
    {
        var lines = new List<string> { $"<b>{Escape(node.Name)}</b>", Escape(node.Copies > 0 ? $"{node.Type} × {node.Copies}" : node.Type) };
        if (isLive)
        {
            lines.Add($"{node.State}, {GraphNumbers.Percent(node.Fill)} full");
            if (node.WaitsFor is { } waits && waits.Component != node.Name) lines.Add($"held up by {Escape(waits.Component)}");
            if (GraphNumbers.Drops(node) is { Length: > 0 } drops) lines.Add($"dropped: {Escape(drops)}");
        }
        return string.Join("<br/>", lines);
    }

    private static string Numbers(GraphEdge edge) => GraphNumbers.Rate(edge.Rate) + (GraphNumbers.Drops(edge) is { Length: > 0 } drops ? $"<br/>{Escape(drops)}" : "");

    private static string Escape(string text) =>
        text.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
