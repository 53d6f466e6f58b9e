namespace MessageRouter.Control.Graphs;

/// <summary>
/// The layers of a graph: everything stands to the right of what sends to it, as far left as that allows, and an edge that passes layers has a point
/// in each of them. Edges that leave one component together, or arrive at one together, pass as one trunk.
/// </summary>
internal sealed class Layers
{
    private readonly List<List<Vertex>> _layers = [];

    private Layers(IReadOnlyList<Chain> chains) => Chains = chains;

    /// <summary>All of them, by layer and their order within it.</summary>
    public IEnumerable<Vertex> Vertices => _layers.SelectMany(layer => layer);

    public int Count => _layers.Count;

    /// <summary>What every edge goes through.</summary>
    public IReadOnlyList<Chain> Chains { get; }

    public List<Vertex> this[int layer] => _layers[layer];

    public static Layers Of(NodeGraph graph, GraphSizes sizes)
    {
        var vertices = graph.Nodes.Where(node => !node.IsErrorChain).Select(node => new Vertex { Node = node }).ToDictionary(vertex => vertex.Node!.Name);
        var chains = graph.Edges
            .Where(edge => vertices.ContainsKey(edge.From) && vertices.ContainsKey(edge.To))
            .Select(edge => new Chain(edge, vertices[edge.From], vertices[edge.To])).ToList();
        Assign([.. vertices.Values], chains, Most(vertices.Count, sizes));
        chains.RemoveAll(chain => chain.From.Layer >= chain.To.Layer);
        var layers = new Layers(chains);
        foreach (var vertex in vertices.Values) layers.Add(vertex);
        layers.Lead(chains);
        return layers;
    }

    /// <summary>How many may stand in one layer, so that the whole is about as wide as a screen: a node with a hundred outputs has them in several.</summary>
    private static int Most(int count, GraphSizes sizes)
    {
        var aspect = (sizes.NodeWidth + sizes.LayerGap) / (sizes.NodeHeight + sizes.NodeGap) / 1.7;
        return Math.Max(12, (int)Math.Ceiling(Math.Sqrt(count * aspect)));
    }

    /// <remarks>A checked node has no cycles; of one that had, the edge that closes it would not be drawn.</remarks>
    private static void Assign(IReadOnlyList<Vertex> vertices, IReadOnlyList<Chain> chains, int most)
    {
        var targets = chains.ToLookup(chain => chain.From, chain => chain.To);
        var open = vertices.ToDictionary(vertex => vertex, _ => 0);
        foreach (var chain in chains) open[chain.To]++;
        var ready = new PriorityQueue<Vertex, (int Layer, int Index)>();
        var index = vertices.Select((vertex, at) => (vertex, at)).ToDictionary(pair => pair.vertex, pair => pair.at);
        var held = new Dictionary<int, int>();
        foreach (var vertex in vertices.Where(vertex => open[vertex] == 0)) ready.Enqueue(vertex, (0, index[vertex]));
        while (ready.TryDequeue(out var vertex, out _))
        {
            while (held.GetValueOrDefault(vertex.Layer) >= most) vertex.Layer++;
            held[vertex.Layer] = held.GetValueOrDefault(vertex.Layer) + 1;
            foreach (var target in targets[vertex])
            {
                target.Layer = Math.Max(target.Layer, vertex.Layer + 1);
                if (--open[target] == 0) ready.Enqueue(target, (target.Layer, index[target]));
            }
        }
    }

    /// <summary>Leads the edges through the layers that they pass.</summary>
    private void Lead(IReadOnlyList<Chain> chains)
    {
        var leaving = chains.CountBy(chain => chain.From).ToDictionary();
        var arriving = chains.CountBy(chain => chain.To).ToDictionary();
        var points = new Dictionary<(Vertex End, bool Leaves, int Layer), Vertex>();
        foreach (var chain in chains)
        {
            chain.LeavesTogether = leaving[chain.From] >= arriving[chain.To];
            var end = chain.LeavesTogether ? chain.From : chain.To;
            for (var layer = chain.From.Layer + 1; layer < chain.To.Layer; layer++)
            {
                if (!points.TryGetValue((end, chain.LeavesTogether, layer), out var point))
                {
                    points[(end, chain.LeavesTogether, layer)] = point = new Vertex { Layer = layer };
                    Add(point);
                }
                chain.Vertices.Insert(chain.Vertices.Count - 1, point);
            }
            for (var i = 0; i + 1 < chain.Vertices.Count; i++) Vertex.Connect(chain.Vertices[i], chain.Vertices[i + 1]);
        }
    }

    private void Add(Vertex vertex)
    {
        while (_layers.Count <= vertex.Layer) _layers.Add([]);
        _layers[vertex.Layer].Add(vertex);
    }
}

/// <summary>A component in its layer, or the point at which edges pass one.</summary>
internal sealed class Vertex
{
    /// <summary>The component; null for a point.</summary>
    public GraphNode? Node { get; init; }

    public int Layer { get; set; }

    /// <summary>Its number within the layer, from the top.</summary>
    public int Position { get; set; }

    /// <summary>The height of its middle.</summary>
    public double Y { get; set; }

    /// <summary>Those in the layer before that are connected with it.</summary>
    public List<Vertex> Left { get; } = [];

    public List<Vertex> Right { get; } = [];

    public double Height(GraphSizes sizes) => Node is null ? 0 : sizes.NodeHeight;

    public static void Connect(Vertex left, Vertex right)
    {
        if (left.Right.Contains(right)) return;
        left.Right.Add(right);
        right.Left.Add(left);
    }
}

/// <summary>An edge, and what it goes through from left to right.</summary>
internal sealed class Chain(GraphEdge edge, Vertex from, Vertex to)
{
    public GraphEdge Edge { get; } = edge;

    public Vertex From { get; } = from;

    public Vertex To { get; } = to;

    public List<Vertex> Vertices { get; } = [from, to];

    /// <summary>Whether it shares the points with others of its sender; otherwise with others of its receiver.</summary>
    public bool LeavesTogether { get; set; }
}
