using System.Text.Json;
using System.Text.Json.Serialization;
using MessageRouter.Routing;
using MessageRouter.Workers;

namespace MessageRouter.Ledger;

/// <summary>The counts of a node at one moment, in the shape of the ledger's JSON.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="UptimeSeconds">Seconds since the node was made.</param>
/// <param name="Components">One line a component.</param>
/// <param name="Edges">One line a pair of components that messages went between.</param>
/// <param name="Balanced">
/// Whether every message is accounted for: for each component in + created = out + filtered + failed + dropped + queued,
/// for each edge what was sent is what was offered. Holds at every quiet moment.
/// </param>
public sealed record LedgerSnapshot(
    string Node, double UptimeSeconds, IReadOnlyList<ComponentLine> Components, IReadOnlyList<EdgeLine> Edges, bool Balanced)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A random number of the node's run, 32 hexadecimal digits, by which other nodes name it; empty where that is not known.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>The number of the configuration in force, counted by reloads; null for the one that the node was started with, which is 1.</summary>
    public int? Revision { get; init; }

    /// <summary>One line a worker process.</summary>
    public IReadOnlyList<ProcessLine> Processes { get; init; } = [];

    /// <summary>Lines of the node's log that could not be written, since nobody read them; null where that is not known, or there were none.</summary>
    public long? LogLinesLeftOut { get; init; }

    /// <summary>The ledger as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> has written.</summary>
    /// <exception cref="JsonException">It is no ledger.</exception>
    internal static LedgerSnapshot Parse(string json) =>
        JsonSerializer.Deserialize<LedgerSnapshot>(json, Json) is { Components: not null, Edges: not null, Node: not null } ledger ? ledger : throw new JsonException("It has no components or edges.");

    internal static LedgerSnapshot Of(Topology topology, Workforce workforce, TimeSpan uptime)
    {
        var cells = topology.Counted;
        var components = cells.Select(cell => ComponentLine.Of(cell)).ToList();
        var edges = EdgeLine.Of(cells, components).Select(edge => edge.Line).ToList();
        return new LedgerSnapshot(topology.Definition.Name, Math.Round(uptime.TotalSeconds, 3), components, edges, IsBalanced(components, edges))
        {
            Epoch = topology.Epoch,
            Revision = topology.Revision > 1 ? topology.Revision : null,
            Processes = workforce.Lines(),
        };
    }

    /// <summary>Recomputes the invariant from the lines alone.</summary>
    internal static bool IsBalanced(IEnumerable<ComponentLine> components, IReadOnlyList<EdgeLine> edges)
    {
        var byName = components.ToDictionary(line => line.Name);
        return components.All(line => line.Unaccounted == 0)
            && edges.All(edge => edge.Offered + (edge.NotConnected ?? 0) == (edge.To == "errors" ? byName[edge.From].ErrorEvents : byName[edge.From].Out))
            && edges.GroupBy(edge => edge.To).All(into => into.Sum(edge => edge.Offered) == byName[into.Key].In);
    }
}
