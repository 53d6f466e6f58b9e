using System.Text;

namespace MessageRouter.Control.Graphs;

/// <summary>A graph for a terminal: from each input what follows, one line a component; what stands further up already is not unfolded again.</summary>
internal static class TreeWriter
{
    private const string Red = "\e[31m", Dim = "\e[2m", Plain = "\e[0m";

    private static readonly bool[] IsNumber = [false, false, true, true, false, false];

    public static string Write(NodeGraph graph, bool inColor)
    {
        var rows = Rows(graph);
        if (graph.IsLive) rows.Insert(0, new Row(["component", "type", "per second", "full", "state", "dropped"], false));
        var columns = graph.IsLive ? 6 : 2;
        var widths = Enumerable.Range(0, columns).Select(column => rows.Max(row => row.Cells[column].Length)).ToArray();
        var text = new StringBuilder($"{graph.Name}: {Count(graph, "input")}, {Count(graph, "filter")}, {Count(graph, "output")}\n\n");
        foreach (var (index, row) in rows.Index())
        {
            var line = string.Join("  ", row.Cells.Take(columns).Select((cell, column) => IsNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
            text.Append(!inColor ? line : row.Loses ? $"{Red}{line}{Plain}" : graph.IsLive && index == 0 ? $"{Dim}{line}{Plain}" : line).Append('\n');
        }
        foreach (var node in graph.Nodes.Where(node => node.WaitsFor is not null))
            text.Append($"\n{node.Name} waits{(node.WaitsFor!.Component == node.Name ? ": it" : $" for {node.WaitsFor.Component}, which")} {node.WaitsFor.Why}");
        foreach (var note in graph.Notes) text.Append($"\nwarning: {note}");
        return text.ToString().TrimEnd() + "\n";
    }

    private static List<Row> Rows(NodeGraph graph)
    {
        var nodes = graph.Nodes.ToDictionary(node => node.Name);
        var leaving = graph.Edges.Where(edge => nodes.ContainsKey(edge.To)).ToLookup(edge => edge.From);
        var receivers = graph.Edges.Select(edge => edge.To).ToHashSet();
        var seen = new HashSet<string>();
        var rows = new List<Row>();
        foreach (var root in graph.Nodes.Where(node => !receivers.Contains(node.Name))) Add(root, null, "", "");
        return rows;

        void Add(GraphNode node, GraphEdge? edge, string lead, string further)
        {
            var isNew = seen.Add(node.Name);
            var targets = leaving[node.Name].ToList();
            rows.Add(RowOf(node, edge, lead + node.Name + (isNew || targets.Count == 0 ? "" : " (above)")));
            if (!isNew) return;
            foreach (var (index, target) in targets.Index())
            {
                var isLast = index == targets.Count - 1;
                Add(nodes[target.To], target, further + (isLast ? "└─ " : "├─ "), further + (isLast ? "   " : "│  "));
            }
        }
    }

    private static Row RowOf(GraphNode node, GraphEdge? edge, string name)
    {
        // On the way to several, each line has what goes there; what is dropped is the component's, whoever sent it.
        var drops = GraphNumbers.Drops(node);
        return new Row(
            [name, node.Copies > 0 ? $"{node.Type} × {node.Copies}" : node.Type, GraphNumbers.Rate(edge?.Rate ?? node.InRate), GraphNumbers.Percent(node.Fill), node.State, drops],
            edge?.DroppedRate > 0 || node.DroppedRate.Values.Any(rate => rate > 0));
    }

    private static string Count(NodeGraph graph, string role)
    {
        var count = graph.Nodes.Count(node => node.Role == role && !node.IsErrorChain);
        return FormattableString.Invariant($"{count} {role}{(count == 1 ? "" : "s")}");
    }

    private sealed record Row(string[] Cells, bool Loses);
}
