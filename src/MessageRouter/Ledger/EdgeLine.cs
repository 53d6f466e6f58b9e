using MessageRouter.Components;
using MessageRouter.Mailboxes;

namespace MessageRouter.Ledger;

/// <summary>What one component sent to another, in messages.</summary>
/// <param name="From">The sender's full name.</param>
/// <param name="To">The receiver's full name.</param>
/// <param name="Offered">Sent, whether the receiver's mailbox took them or not.</param>
/// <param name="Dropped">Those of them that never got into the receiver, by reason.</param>
public sealed record EdgeLine(string From, string To, long Offered, IReadOnlyDictionary<string, long> Dropped)
{
    /// <summary>
    /// What the sender sent to others only, since a reload had connected the two later than the sender's first message, or has parted them:
    /// offered and this are the sender's <c>out</c>. Null for none.
    /// </summary>
    public long? NotConnected { get; init; }

    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="edges">The edges between them, of which each of the sender's copies has one.</param>
    internal static EdgeLine Of(string from, string to, IEnumerable<Edge> edges) =>
        new(from, to, edges.Sum(edge => edge.Offered.Value), DropCounters.Sum(edges.Select(edge => edge.Dropped)));

    /// <summary>All lines between components.</summary>
    /// <param name="cells">The components.</param>
    /// <param name="lines">What these have counted.</param>
    internal static IEnumerable<(EdgeLine Line, IReadOnlyList<Edge> Edges)> Of(IEnumerable<ComponentCell> cells, IEnumerable<ComponentLine> lines)
    {
        var byName = lines.ToDictionary(line => line.Name);
        foreach (var cell in cells)
        {
            foreach (var from in cell.Sources.Where(edge => edge.From.Length > 0).GroupBy(edge => edge.From))
            {
                // What a reload adds is connected before it is one of the node's, and has sent nothing until then.
                if (!byName.TryGetValue(from.Key, out var sender)) continue;
                IReadOnlyList<Edge> edges = [.. from];
                var notConnected = cell.Name == "errors" ? 0 : sender.Out - edges.Sum(edge => edge.Expected);
                yield return (Of(from.Key, cell.Name, edges) with { NotConnected = notConnected == 0 ? null : notConnected }, edges);
            }
        }
    }
}
