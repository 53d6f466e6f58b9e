namespace MessageRouter.Control.Graphs;

/// <summary>
/// Gives everything its height: as close to what it is connected with as its neighbours in the layer allow, in the order that it has. Of one layer that
/// is a problem with an exact answer (isotonic regression), and layers are gone through to and fro until they fit one another.
/// </summary>
internal static class LayerPlacement
{
    private const int Sweeps = 12;

    /// <summary>Components from which on a graph is pulled together: edges that are a little less level are a small price for half the height.</summary>
    private const int Many = 60;

    private const double Pull = 0.15;

    public static void Place(Layers layers, GraphSizes sizes)
    {
        var ports = Ports.Of(layers, sizes);
        var hold = layers.Vertices.Count(vertex => vertex.Node is not null) < Many ? 1 : 1 - Pull;
        for (var layer = 0; layer < layers.Count; layer++) Settle(layers[layer], vertex => 0, sizes);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var layer = 1; layer < layers.Count; layer++) Settle(layers[layer], vertex => Middle(vertex, [.. vertex.Left]), sizes);
            for (var layer = layers.Count - 2; layer >= 0; layer--) Settle(layers[layer], vertex => Middle(vertex, [.. vertex.Right]), sizes);
        }
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var layer = layers.Count - 1; layer >= 0; layer--) Settle(layers[layer], vertex => Middle(vertex, [.. vertex.Left, .. vertex.Right]), sizes);
            for (var layer = 1; layer < layers.Count; layer++) Settle(layers[layer], vertex => Middle(vertex, [.. vertex.Left, .. vertex.Right]), sizes);
        }

        var top = layers.Vertices.Select(vertex => vertex.Y - (vertex.Height(sizes) / 2)).DefaultIfEmpty(0).Min();
        foreach (var vertex in layers.Vertices) vertex.Y = Math.Floor(vertex.Y - top + sizes.Margin + 0.5);

        // Where it would stand if it were for its neighbours alone, and the edges to them level.
        double Middle(Vertex vertex, List<Vertex> neighbours) => neighbours.Count == 0
            ? vertex.Y * hold
            : hold * neighbours.Sum(other => (other.Y + ports.Between(other, vertex) - ports.Between(vertex, other)) * Weight(vertex, other)) / neighbours.Sum(other => Weight(vertex, other));
    }


    /// <summary>What passes a layer had better be straight.</summary>
    private static double Weight(Vertex one, Vertex other) => one.Node is null && other.Node is null ? 8 : one.Node is null || other.Node is null ? 2 : 1;

    private static void Settle(List<Vertex> layer, Func<Vertex, double> wanted, GraphSizes sizes)
    {
        // Heights less the room above each have to be in order; where those wanted are not, neighbours share their mean.
        var blocks = new List<(double Sum, double Weight, int Count)>();
        var offsets = new double[layer.Count];
        for (var i = 0; i < layer.Count; i++)
        {
            if (i > 0) offsets[i] = offsets[i - 1] + Room(layer[i - 1], layer[i], sizes);
            var weight = layer[i].Node is null ? 2.0 : 1;
            blocks.Add(((wanted(layer[i]) - offsets[i]) * weight, weight, 1));
            while (blocks.Count > 1 && Mean(blocks[^2]) >= Mean(blocks[^1]))
            {
                var (below, above) = (blocks[^1], blocks[^2]);
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (above.Sum + below.Sum, above.Weight + below.Weight, above.Count + below.Count);
            }
        }
        var at = 0;
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Count; i++, at++) layer[at].Y = Mean(block) + offsets[at];
        }

        static double Mean((double Sum, double Weight, int Count) block) => block.Sum / block.Weight;
    }

    private static double Room(Vertex above, Vertex below, GraphSizes sizes) =>
        ((above.Height(sizes) + below.Height(sizes)) / 2) + (above.Node is null || below.Node is null ? sizes.PassGap : sizes.NodeGap);
}
