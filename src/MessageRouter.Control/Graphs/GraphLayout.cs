namespace MessageRouter.Control.Graphs;

/// <summary>Where everything of a graph is drawn: layers from left to right, every edge from left to right. The same graph always looks the same.</summary>
internal sealed record GraphLayout(double Width, double Height, IReadOnlyList<PlacedNode> Nodes, IReadOnlyList<PlacedEdge> Edges)
{
    public static GraphLayout Of(NodeGraph graph, GraphSizes? sizes = null)
    {
        sizes ??= GraphSizes.Default;
        var layers = Layers.Of(graph, sizes);
        LayerOrder.Arrange(layers);
        LayerPlacement.Place(layers, sizes);

        var routed = EdgeRouting.Route(layers, sizes);
        var nodes = layers.Vertices.Where(vertex => vertex.Node is not null).Select(vertex => new PlacedNode(vertex.Node!, sizes.Column(vertex.Layer), vertex.Y - (sizes.NodeHeight / 2), sizes.NodeWidth, sizes.NodeHeight)).ToList();
        var last = Math.Max(0, layers.Count - 1);
        if (graph.Nodes.FirstOrDefault(node => node.IsErrorChain) is { } errors)
        {
            var below = layers.Count == 0 ? sizes.Margin : layers[last].Max(vertex => vertex.Y + (vertex.Height(sizes) / 2)) + sizes.ErrorsGap;
            nodes.Add(new PlacedNode(errors, sizes.Column(last), below, sizes.NodeWidth, sizes.NodeHeight));
        }

        // In the order of the graph, which is that of the file: it is the one in which a keyboard goes through it.
        var order = graph.Nodes.Select((node, index) => (node.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index);
        nodes.Sort((a, b) => order[a.Node.Name].CompareTo(order[b.Node.Name]));
        var bottom = Math.Max(
            nodes.Select(node => node.Y + node.Height).DefaultIfEmpty(sizes.Margin).Max(), routed.SelectMany(edge => edge.Points).Select(point => point.Y).DefaultIfEmpty(0).Max());
        return new GraphLayout(sizes.Column(last) + sizes.NodeWidth + sizes.Margin, bottom + sizes.Margin, nodes, routed);
    }
}

/// <summary>A component and the box that it is drawn in.</summary>
internal sealed record PlacedNode(GraphNode Node, double X, double Y, double Width, double Height);

/// <summary>
/// An edge as points from left to right: between each two a line where they are at one height, and otherwise a curve that begins and ends level.
/// </summary>
/// <param name="Edge">It.</param>
/// <param name="Points">The way.</param>
/// <param name="Label">The middle of its number, at a place that it shares with no other edge.</param>
internal sealed record PlacedEdge(GraphEdge Edge, IReadOnlyList<GraphPoint> Points, GraphPoint Label);

internal readonly record struct GraphPoint(double X, double Y);

/// <summary>How large things are drawn.</summary>
internal sealed record GraphSizes
{
    /// <summary>Those of the page and the picture.</summary>
    public static GraphSizes Default { get; } = new();

    public double NodeWidth { get; init; } = 216;

    public double NodeHeight { get; init; } = 84;

    /// <summary>Between two columns, where the numbers stand.</summary>
    public double LayerGap { get; init; } = 112;

    public double NodeGap { get; init; } = 28;

    /// <summary>Between an edge that passes a column and what is beside it.</summary>
    public double PassGap { get; init; } = 22;

    /// <summary>Above the output of the error chain, which stands apart.</summary>
    public double ErrorsGap { get; init; } = 64;

    public double Margin { get; init; } = 24;

    public double LabelWidth { get; init; } = 62;

    public double LabelHeight { get; init; } = 18;

    /// <summary>Where a column begins.</summary>
    public double Column(int layer) => Margin + (layer * (NodeWidth + LayerGap));
}
