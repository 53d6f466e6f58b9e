using MessageRouter.Mailboxes;

namespace MessageRouter.Ledger;

/// <summary>What one component sent to another, in messages.</summary>
/// <param name="From">The sender's full name.</param>
/// <param name="To">The receiver's full name.</param>
/// <param name="Offered">Sent, whether the receiver's mailbox took them or not.</param>
/// <param name="Dropped">Those of them that never got into the receiver, by reason.</param>
public sealed record EdgeLine(string From, string To, long Offered, IReadOnlyDictionary<string, long> Dropped)
{
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="edges">The edges between them, of which each of the sender's copies has one.</param>
    internal static EdgeLine Of(string from, string to, IEnumerable<Edge> edges) =>
        new(from, to, edges.Sum(edge => edge.Offered.Value), DropCounters.Sum(edges.Select(edge => edge.Dropped)));
}
