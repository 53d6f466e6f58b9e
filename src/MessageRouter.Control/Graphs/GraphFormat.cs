using MessageRouter.Control.Serving;

namespace MessageRouter.Control.Graphs;

/// <summary>What a graph can be written as.</summary>
internal static class GraphFormat
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["text", "svg", "dot", "mermaid", "json"];

    /// <param name="graph">What.</param>
    /// <param name="format">One of <see cref="Names"/>.</param>
    /// <param name="inColor">Whether text is for a terminal that shows colors.</param>
    public static string Write(NodeGraph graph, string format, bool inColor = false) => format switch
    {
        "text" => TreeWriter.Write(graph, inColor),
        "svg" => SvgWriter.Write(graph),
        "dot" => DotWriter.Write(graph),
        "json" => ControlJson.Write(GraphDocument.Of(GraphLayout.Of(graph)) with { Notes = graph.Notes.Count > 0 ? graph.Notes : null }) + "\n",
        "mermaid" => MermaidWriter.Write(graph),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
    };
}
