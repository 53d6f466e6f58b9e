namespace MessageRouter.Control.Graphs;

/// <summary>Puts what stands in each layer into an order in which few edges cross: by the middle of what each is connected with, then by swapping neighbours.</summary>
internal static class LayerOrder
{
    private const int Sweeps = 24;

    /// <summary>Sweeps without a better order after which it stays.</summary>
    private const int Patience = 6;

    public static void Arrange(Layers layers)
    {
        for (var layer = 0; layer < layers.Count; layer++) Number(layers[layer]);
        Begin(layers);
        var (best, fewest, since) = (Order(layers), Crossings(layers), 0);
        for (var sweep = 0; sweep < Sweeps && fewest > 0 && since < Patience; sweep++, since++)
        {
            if (sweep % 2 == 0)
            {
                for (var layer = 1; layer < layers.Count; layer++) Sort(layers[layer], vertex => vertex.Left);
            }
            else
            {
                for (var layer = layers.Count - 2; layer >= 0; layer--) Sort(layers[layer], vertex => vertex.Right);
            }
            Swap(layers);
            if (Crossings(layers) is var crossings && crossings >= fewest) continue;
            (best, fewest, since) = (Order(layers), crossings, 0);
        }
        for (var layer = 0; layer < layers.Count; layer++)
        {
            layers[layer].Clear();
            layers[layer].AddRange(best[layer]);
            Number(layers[layer]);
        }
    }

    /// <summary>How often edges cross.</summary>
    public static int Crossings(Layers layers)
    {
        var crossings = 0;
        for (var layer = 0; layer + 1 < layers.Count; layer++)
        {
            // Edges by their left ends: each crosses those before it whose right ends are below its own.
            var sums = new int[layers[layer + 1].Count + 1];
            var seen = 0;
            foreach (var right in layers[layer].SelectMany(left => left.Right.Select(right => right.Position).Order()))
            {
                var above = 0;
                for (var i = right + 1; i > 0; i -= i & -i) above += sums[i];
                crossings += seen++ - above;
                for (var i = right + 1; i < sums.Length; i += i & -i) sums[i]++;
            }
        }
        return crossings;
    }

    /// <summary>What belongs together comes together: in the order in which somebody finds it who follows the edges from the top left.</summary>
    private static void Begin(Layers layers)
    {
        var found = new Dictionary<Vertex, int>();
        foreach (var vertex in layers.Vertices.ToList()) Follow(vertex);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            layers[layer].Sort((a, b) => found[a].CompareTo(found[b]));
            Number(layers[layer]);
        }

        void Follow(Vertex first)
        {
            var open = new Stack<Vertex>([first]);
            while (open.TryPop(out var vertex))
            {
                if (!found.TryAdd(vertex, found.Count)) continue;
                foreach (var right in Enumerable.Reverse(vertex.Right)) open.Push(right);
            }
        }
    }

    private static void Sort(List<Vertex> layer, Func<Vertex, List<Vertex>> neighbours)
    {
        var ordered = layer.OrderBy(vertex => neighbours(vertex) is { Count: > 0 } some ? some.Average(other => other.Position) : vertex.Position).ToList();
        layer.Clear();
        layer.AddRange(ordered);
        Number(layer);
    }

    private static void Swap(Layers layers)
    {
        for (var (round, better) = (0, true); better && round < 4; round++)
        {
            better = false;
            for (var number = 0; number < layers.Count; number++)
            {
                var layer = layers[number];
                for (var i = 0; i + 1 < layer.Count; i++)
                {
                    if (Between(layer[i], layer[i + 1]) <= Between(layer[i + 1], layer[i])) continue;
                    (layer[i], layer[i + 1]) = (layer[i + 1], layer[i]);
                    (layer[i].Position, layer[i + 1].Position) = (i, i + 1);
                    better = true;
                }
            }
        }
    }

    /// <summary>How often the edges of two neighbours cross with this one above.</summary>
    private static int Between(Vertex upper, Vertex lower) => Inversions(upper.Left, lower.Left) + Inversions(upper.Right, lower.Right);

    private static int Inversions(List<Vertex> upper, List<Vertex> lower)
    {
        var count = 0;
        foreach (var above in upper)
        {
            foreach (var below in lower)
            {
                if (above.Position > below.Position) count++;
            }
        }
        return count;
    }

    private static List<List<Vertex>> Order(Layers layers) => [.. Enumerable.Range(0, layers.Count).Select(layer => layers[layer].ToList())];

    private static void Number(List<Vertex> layer)
    {
        for (var i = 0; i < layer.Count; i++) layer[i].Position = i;
    }
}
