using System.Security;
using System.Text;

namespace MessageRouter.Control.Graphs;

/// <summary>A graph as a picture that needs nothing else, and is dark where its reader is.</summary>
internal static class SvgWriter
{
    private const double TitleHeight = 44;
    private const double NoteHeight = 17;
    private const double CharacterWidth = 6;
    private const int LongestName = 25;
    private const int LongestNote = 36;

    private const string Style = """
        text { font: 11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; fill: #59636e; font-variant-numeric: tabular-nums }
        .ground { fill: #ffffff } .box { fill: #f6f8fa; stroke: #d1d9e0 } .errors .box { fill: none; stroke-dasharray: 5 4 }
        .title { font-size: 15px; font-weight: 600; fill: #1f2328 } .name { font-size: 13px; font-weight: 600; fill: #1f2328 } .number { fill: #1f2328 }
        .edge { fill: none; stroke: #9aa4af; stroke-linecap: round } .label { text-anchor: middle; fill: #1f2328; stroke: #ffffff; stroke-width: 4px; paint-order: stroke; stroke-linejoin: round }
        .right { text-anchor: end } .track { fill: #dfe4e9 } .fill { fill: #2f81f7 } .fill.high { fill: #bf8700 }
        .input .mark { fill: #2f81f7 } .filter .mark { fill: #8250df } .output .mark { fill: #1a7f64 } .errors .mark { fill: #9aa4af }
        .lost { fill: #d1242f } .dropping .box, .edge.dropping { stroke: #d1242f } .fill.full { fill: #d1242f }
        @media (prefers-color-scheme: dark) {
          text { fill: #9198a1 } .ground { fill: #0d1117 } .box { fill: #161c24; stroke: #333c47 } .title, .name, .number { fill: #f0f6fc }
          .edge { stroke: #59636e } .label { fill: #f0f6fc; stroke: #0d1117 } .track { fill: #2a323c }
          .filter .mark { fill: #ab7df8 } .output .mark { fill: #3fb68b } .lost { fill: #ff7b72 } .dropping .box, .edge.dropping { stroke: #f85149 } .fill.full { fill: #f85149 } .fill.high { fill: #d29922 }
        }
        """;

    public static string Write(NodeGraph graph)
    {
        var layout = GraphLayout.Of(graph);
        var notes = graph.Notes.SelectMany(note => Lines(note, (int)((layout.Width - 48) / CharacterWidth))).ToList();
        var (width, height) = (Number(layout.Width), Number(layout.Height + TitleHeight + (notes.Count * NoteHeight)));
        var text = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n");
        text.Append($"<title>{Escape(graph.Name)}</title>\n<style>\n{Style}\n</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n<text class=\"title\" x=\"24\" y=\"34\">{Escape(graph.Name)}</text>\n<g transform=\"translate(0 {Number(TitleHeight)})\">\n");
        foreach (var edge in layout.Edges) Append(text, edge, graph.IsLive);
        foreach (var node in layout.Nodes) Append(text, node, graph.IsLive);
        if (graph.IsLive)
        {
            foreach (var edge in layout.Edges) AppendLabel(text, edge);
        }
        foreach (var (index, line) in notes.Index()) text.Append($"<text class=\"lost\" x=\"24\" y=\"{Number(layout.Height + (index * NoteHeight))}\">{Escape(line)}</text>\n");
        return text.Append("</g>\n</svg>\n").ToString();
    }

    private static IEnumerable<string> Lines(string note, int most)
    {
        var line = "";
        foreach (var word in note.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length >= most)
            {
                yield return line;
                line = "";
            }
            line += line.Length > 0 ? $" {word}" : word;
        }
        yield return line;
    }

    private static void Append(StringBuilder text, PlacedEdge edge, bool isLive)
    {
        var width = isLive ? GraphNumbers.EdgeWidth(edge.Edge.Rate) : 1.5;
        text.Append($"<path class=\"edge{(edge.Edge.DroppedRate > 0 ? " dropping" : "")}\" stroke-width=\"{Number(width)}\" d=\"{Path(edge.Points)}\"><title>{Escape($"{edge.Edge.From} → {edge.Edge.To}")}</title></path>\n");
    }

    private static void AppendLabel(StringBuilder text, PlacedEdge edge)
    {
        text.Append($"<text class=\"label\" x=\"{Number(edge.Label.X)}\" y=\"{Number(edge.Label.Y + 4)}\">{Escape(GraphNumbers.Rate(edge.Edge.Rate))}</text>\n");
        if (edge.Edge.DroppedRate > 0) text.Append($"<text class=\"label lost\" x=\"{Number(edge.Label.X)}\" y=\"{Number(edge.Label.Y + 17)}\">{Escape($"−{GraphNumbers.Rate(edge.Edge.DroppedRate)}")}</text>\n");
    }

    private static void Append(StringBuilder text, PlacedNode placed, bool isLive)
    {
        var node = placed.Node;
        var classes = (node.IsErrorChain ? "errors" : node.Role) + (node.DroppedRate.Values.Any(rate => rate > 0) ? " dropping" : "");
        text.Append($"<g class=\"{classes}\" transform=\"translate({Number(placed.X)} {Number(placed.Y)})\"><title>{Escape(node.Name)}</title>");
        text.Append($"<rect class=\"box\" width=\"{Number(placed.Width)}\" height=\"{Number(placed.Height)}\" rx=\"8\"/><circle class=\"mark\" cx=\"16\" cy=\"20\" r=\"4\"/>");
        text.Append($"<text class=\"name\" x=\"28\" y=\"24.5\">{Escape(Shorten(node.Name[(node.Name.IndexOf('.', StringComparison.Ordinal) + 1)..], LongestName))}</text>");
        text.Append($"<text x=\"28\" y=\"41\">{Escape(Shorten(Kind(node), LongestNote))}</text>");
        if (isLive) AppendNumbers(text, placed);
        text.Append("</g>\n");
    }

    private static void AppendNumbers(StringBuilder text, PlacedNode placed)
    {
        var node = placed.Node;
        var right = placed.Width - 14;
        var full = placed.Width - 42;
        text.Append($"<text class=\"number right\" x=\"{Number(right)}\" y=\"24.5\">{Escape(GraphNumbers.Rate(node.InRate))}</text>");
        var drops = GraphNumbers.Drops(node);
        var note = drops.Length > 0 ? drops : node.WaitsFor is { } waits && waits.Component != node.Name ? $"held up by {waits.Component}" : node.State;
        text.Append($"<text{(drops.Length > 0 ? " class=\"lost\"" : "")} x=\"28\" y=\"57\">{Escape(Shorten(note, LongestNote))}</text>");
        text.Append($"<rect class=\"track\" x=\"28\" y=\"67\" width=\"{Number(full)}\" height=\"5\" rx=\"2.5\"/>");
        if (node.Fill > 0) text.Append($"<rect class=\"fill{(node.Fill >= 0.9 ? " full" : node.Fill >= 0.6 ? " high" : "")}\" x=\"28\" y=\"67\" width=\"{Number(Math.Max(3, full * node.Fill))}\" height=\"5\" rx=\"2.5\"/>");
    }

    private static string Kind(GraphNode node) => $"{(node.IsErrorChain ? "error chain" : node.Role)} · {node.Type}{(node.Copies > 0 ? $" × {node.Copies}" : "")}";

    private static string Path(IReadOnlyList<GraphPoint> points)
    {
        var path = new StringBuilder($"M{Number(points[0].X)} {Number(points[0].Y)}");
        for (var i = 1; i < points.Count; i++)
        {
            var (from, to) = (points[i - 1], points[i]);
            var middle = Number((from.X + to.X) / 2);
            path.Append(Math.Abs(from.Y - to.Y) < 0.5
                ? $"L{Number(to.X)} {Number(to.Y)}"
                : $"C{middle} {Number(from.Y)} {middle} {Number(to.Y)} {Number(to.X)} {Number(to.Y)}");
        }
        return path.ToString();
    }

    private static string Shorten(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}…";

    private static string Number(double number) => GraphNumbers.Number(number);

    private static string Escape(string text) => SecurityElement.Escape(text);
}
