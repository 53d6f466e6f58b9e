namespace MessageRouter.Clustering;

/// <summary>Finds circles among streams, over however many nodes.</summary>
internal static class StreamCircles
{
    /// <summary>How many are told at a time: when one is broken the next is told.</summary>
    public const int Most = 16;

    /// <summary>Every stream that is on a circle is on one of these, the shortest that it is on; each begins with the stream whose name comes first.</summary>
    /// <param name="flows">Which streams lead to which, and on what node; an empty name where it is about one node alone.</param>
    public static IReadOnlyList<StreamCircle> Find(IEnumerable<(string Node, StreamFlow Flow)> flows)
    {
        var nodes = flows.GroupBy(each => each.Flow, each => each.Node).ToDictionary(flow => flow.Key, flow => (string[])[.. flow.Where(node => node.Length > 0).Distinct().Order(StringComparer.Ordinal)]);
        var next = Tangled(nodes.Keys).ToLookup(flow => flow.From, flow => flow.To);
        var (circles, found) = (new List<StreamCircle>(), new HashSet<string>());
        foreach (var stream in next.Select(each => each.Key).Order(StringComparer.Ordinal))
        {
            if (circles.Count == Most) break;
            if (found.Contains(stream) || Shortest(stream, next) is not { } way) continue;
            found.UnionWith(way);
            var first = way.IndexOf(way.Min(StringComparer.Ordinal)!);
            List<string> streams = [.. way[first..], .. way[..first]];
            circles.Add(new StreamCircle([.. streams.Select((each, at) => new StreamCircle.Step(each, nodes[new StreamFlow(each, streams[(at + 1) % streams.Count])]))]));
        }
        return circles;
    }

    /// <summary>What is left when all is taken away that nothing leads to, or that leads nowhere.</summary>
    private static HashSet<StreamFlow> Tangled(IEnumerable<StreamFlow> flows)
    {
        var left = flows.ToHashSet();
        while (true)
        {
            var (from, to) = (left.Select(flow => flow.From).ToHashSet(), left.Select(flow => flow.To).ToHashSet());
            if (left.RemoveWhere(flow => !to.Contains(flow.From) || !from.Contains(flow.To)) == 0) return left;
        }
    }

    /// <returns>The streams from one to the last before it comes again; null where it does not.</returns>
    private static List<string>? Shortest(string stream, ILookup<string, string> next)
    {
        var (cameFrom, open) = (new Dictionary<string, string>(), new Queue<string>([stream]));
        while (open.TryDequeue(out var at))
        {
            foreach (var to in next[at].Order(StringComparer.Ordinal))
            {
                if (!cameFrom.TryAdd(to, at)) continue;
                if (to != stream)
                {
                    open.Enqueue(to);
                    continue;
                }
                var way = new List<string> { at };
                while (way[^1] != stream) way.Add(cameFrom[way[^1]]);
                way.Reverse();
                return way;
            }
        }
        return null;
    }
}
