namespace MessageRouter.Control.Graphs;

/// <summary>Where at the sides of components edges leave and arrive: one below the other, in the order of those at their other ends.</summary>
internal sealed class Ports
{
    private const double Gap = 14;

    private readonly Dictionary<(Vertex At, Vertex Other), double> _offsets = [];

    public static Ports Of(Layers layers, GraphSizes sizes)
    {
        var ports = new Ports();
        foreach (var vertex in layers.Vertices.Where(vertex => vertex.Node is not null))
        {
            ports.Divide(vertex, vertex.Left, sizes);
            ports.Divide(vertex, vertex.Right, sizes);
        }
        return ports;
    }

    /// <summary>How far below the middle of a component its edges from or to another are; edges that pass a layer have no such places.</summary>
    public double Between(Vertex vertex, Vertex other) => _offsets.GetValueOrDefault((vertex, other));

    private void Divide(Vertex vertex, List<Vertex> others, GraphSizes sizes)
    {
        var gap = others.Count < 2 ? 0 : Math.Min(Gap, (sizes.NodeHeight - 24) / (others.Count - 1));
        foreach (var (index, other) in others.OrderBy(other => other.Position).Index()) _offsets[(vertex, other)] = (index - ((others.Count - 1) / 2.0)) * gap;
    }
}
