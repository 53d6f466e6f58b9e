namespace MessageRouter.Clustering;

/// <summary>A way by which messages can come back to a stream that they have been in.</summary>
/// <param name="Steps">Each stream on the way, and who leads it to the next; the last one leads to the first.</param>
internal sealed record StreamCircle(IReadOnlyList<StreamCircle.Step> Steps)
{
    private const int MostNames = 3;

    private const int MostSteps = 8;

    /// <summary>The streams alone: the same circle whoever else comes to be on it.</summary>
    public string Streams => string.Join(" -> ", Steps.Select(step => step.Stream));

    /// <summary>The way in words: <c>`jobs` on a -> `results` on b -> `jobs`</c>.</summary>
    public override string ToString()
    {
        var steps = Steps.Take(MostSteps).Select(step => $"`{step.Stream}`{On(step.Nodes)}");
        return string.Join(" -> ", [.. steps, .. Steps.Count > MostSteps ? ["..."] : Array.Empty<string>(), $"`{Steps[0].Stream}`"]);
    }

    private static string On(IReadOnlyList<string> nodes) =>
        nodes.Count == 0 ? "" : $" on {string.Join(", ", nodes.Take(MostNames))}{(nodes.Count > MostNames ? FormattableString.Invariant($" and {nodes.Count - MostNames} others") : "")}";

    /// <param name="Stream">A stream.</param>
    /// <param name="Nodes">The nodes that take it and feed the next one with it, by name; none where it is about one node alone.</param>
    internal sealed record Step(string Stream, IReadOnlyList<string> Nodes);
}
