namespace MessageRouter.Control.Graphs;

/// <summary>A layout as the API gives it: the page draws what stands here.</summary>
internal sealed record GraphDocument(double Width, double Height, IReadOnlyList<GraphDocument.Box> Nodes, IReadOnlyList<GraphDocument.Way> Edges)
{
    /// <summary>What is to be said with it; null for nothing.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    public static GraphDocument Of(GraphLayout layout) => new(
        layout.Width, layout.Height,
        [.. layout.Nodes.Select(node => new Box(node.Node.Name, node.Node.Type, node.Node.Role, node.X, node.Y, node.Width, node.Height))],
        [.. layout.Edges.Select(edge => new Way(edge.Edge.From, edge.Edge.To, [.. edge.Points.Select(Pair)], Pair(edge.Label)))]);

    private static double[] Pair(GraphPoint point) => [Math.Round(point.X, 1), Math.Round(point.Y, 1)];

    /// <summary>A component.</summary>
    internal sealed record Box(string Name, string Type, string Role, double X, double Y, double Width, double Height);

    /// <summary>An edge: points from left to right, and the middle of its number.</summary>
    internal sealed record Way(string From, string To, IReadOnlyList<double[]> Points, double[] Label);
}
