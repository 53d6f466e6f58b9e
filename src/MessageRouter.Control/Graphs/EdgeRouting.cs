namespace MessageRouter.Control.Graphs;

/// <summary>The ways of the edges, once everything has its place: where each leaves and arrives, and where its number stands.</summary>
internal static class EdgeRouting
{
    /// <summary>Where along its curve a number is tried, one after the other.</summary>
    private static readonly double[] LabelPlaces = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

    public static IReadOnlyList<PlacedEdge> Route(Layers layers, GraphSizes sizes)
    {
        var ports = Ports.Of(layers, sizes);
        var taken = new List<GraphPoint>();
        return [.. layers.Chains.Select(chain =>
        {
            var points = Points(chain, ports, sizes);
            return new PlacedEdge(chain.Edge, points, Label(chain, points, taken, sizes));
        })];
    }

    private static List<GraphPoint> Points(Chain chain, Ports ports, GraphSizes sizes)
    {
        var way = chain.Vertices;
        var points = new List<GraphPoint> { new(sizes.Column(chain.From.Layer) + sizes.NodeWidth, chain.From.Y + ports.Between(chain.From, way[1])) };
        foreach (var pass in way.Skip(1).SkipLast(1))
        {
            points.Add(new GraphPoint(sizes.Column(pass.Layer), pass.Y));
            points.Add(new GraphPoint(sizes.Column(pass.Layer) + sizes.NodeWidth, pass.Y));
        }
        points.Add(new GraphPoint(sizes.Column(chain.To.Layer), chain.To.Y + ports.Between(chain.To, way[^2])));
        return points;
    }

    /// <summary>Where the edge is alone: what leaves together is apart at the end, what arrives together at the beginning.</summary>
    private static GraphPoint Label(Chain chain, List<GraphPoint> points, List<GraphPoint> taken, GraphSizes sizes)
    {
        var (from, to) = chain.LeavesTogether ? (points[^2], points[^1]) : (points[0], points[1]);
        var candidates = LabelPlaces.Select(place => On(from, to, place)).ToList();
        var label = candidates.FirstOrDefault(candidate => taken.All(other => Math.Abs(other.X - candidate.X) >= sizes.LabelWidth || Math.Abs(other.Y - candidate.Y) >= sizes.LabelHeight), candidates[0]);
        taken.Add(label);
        return label;
    }

    /// <summary>A point of the curve between two others.</summary>
    private static GraphPoint On(GraphPoint from, GraphPoint to, double part)
    {
        var (a, b, c, d) = (Math.Pow(1 - part, 3), 3 * Math.Pow(1 - part, 2) * part, 3 * (1 - part) * part * part, Math.Pow(part, 3));
        var middle = (from.X + to.X) / 2;
        return new GraphPoint(Math.Round((a * from.X) + ((b + c) * middle) + (d * to.X), 1), Math.Round(((a + b) * from.Y) + ((c + d) * to.Y), 1));
    }
}
