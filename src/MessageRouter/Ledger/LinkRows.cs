using System.Globalization;

namespace MessageRouter.Ledger;

/// <summary>A link to or from another node as a row of a table, below the row of its component.</summary>
/// <param name="Name">The component at the other end.</param>
/// <param name="State">What it is at.</param>
/// <param name="In">Messages that have come.</param>
/// <param name="Out">Messages that were sent.</param>
/// <param name="Queued">Messages that wait to be written.</param>
/// <param name="Lost">What was lost, with reasons.</param>
/// <param name="Problem">What is wrong with the numbers; empty for nothing.</param>
internal sealed record LinkRow(string Name, string State, long? In, long? Out, long? Queued, string Lost, string Problem);

/// <summary>The links of a component of which there is something to say: those on which messages were lost, or of which not all is known.</summary>
internal static class LinkRows
{
    /// <summary>Digits of a run's number that tell it from others.</summary>
    private const int EpochDigits = 8;

    public static IEnumerable<LinkRow> Of(ComponentLine component)
    {
        foreach (var line in component.Upstream ?? [])
        {
            var lost = Losses(line.DroppedBySender).Append((line.LostInTransit, "in-transit")).Append((line.BeforeSubscribe, "before-subscribe")).Where(loss => loss.Item1 > 0).ToList();
            var problem = line.Contradiction ?? (line.Uncounted == true ? "not all that was missed is counted" : line is { State: "broken", Node: not null } ? "ended without a last word" : "");
            if (lost.Count > 0 || problem.Length > 0) yield return new LinkRow($"  from {NameOf(line.Node, line.Component, line.Epoch, line.State)}", line.State, line.Received, null, null, Text(lost), problem);
        }
        foreach (var line in component.Downstream ?? [])
        {
            var lost = Losses(line.Dropped).Append((line.BeforeSubscribe, "before-subscribe")).Where(loss => loss.Item1 > 0).ToList();
            if (lost.Count == 0 && line.Uncounted != true) continue;
            yield return new LinkRow(
                $"  to {NameOf(line.Node, line.Component, line.Epoch, line.State)}", line.State, null, line.Sent, line.Queued, Text(lost), line.Uncounted == true ? "not all that was missed is counted" : "");
        }
    }

    /// <summary>The other end in a few words, such as <c>hub outputs.bus (3f2a91c0)</c>.</summary>
    public static string NameOf(string? node, string? component, string? epoch, string state) =>
        node is null ? state : $"{node} {component} ({epoch?[..Math.Min(EpochDigits, epoch.Length)]})";

    /// <summary>Losses in words, most first by name.</summary>
    public static string Text(IEnumerable<(long Count, string Reason)> losses) =>
        string.Join(", ", losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Count} {loss.Reason}")));

    private static IEnumerable<(long Count, string Reason)> Losses(IReadOnlyDictionary<string, long> dropped) => dropped.Select(pair => (pair.Value, pair.Key));
}
