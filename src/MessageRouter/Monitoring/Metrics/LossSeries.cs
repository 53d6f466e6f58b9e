using MessageRouter.Ledger;

namespace MessageRouter.Monitoring.Metrics;

/// <summary>What was lost between a component and other nodes, by reason, over all of them: nodes come and go, and reasons come from them.</summary>
internal static class LossSeries
{
    /// <summary>Series of one component.</summary>
    public const int Most = BoundedReasons.Most + 3;

    private const string InTransit = "in-transit";

    private const string BeforeSubscribe = "before-subscribe";

    public static IEnumerable<(string Reason, long Count)> Of(IReadOnlyList<UpstreamLine>? lines, BoundedReasons reasons) => lines is null
        ? []
        : Sum(lines.Select(line => line.DroppedBySender), reasons).Concat([(InTransit, lines.Sum(line => line.LostInTransit)), (BeforeSubscribe, lines.Sum(line => line.BeforeSubscribe))]);

    public static IEnumerable<(string Reason, long Count)> Of(IReadOnlyList<DownstreamLine>? lines, BoundedReasons reasons) => lines is null
        ? []
        : Sum(lines.Select(line => line.Dropped), reasons).Append((BeforeSubscribe, lines.Sum(line => line.BeforeSubscribe)));

    private static IEnumerable<(string Reason, long Count)> Sum(IEnumerable<IReadOnlyDictionary<string, long>> dropped, BoundedReasons reasons)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (said, count) in dropped.SelectMany(all => all))
        {
            // What a peer calls a reason must not be a series that there is already.
            var reason = said is InTransit or BeforeSubscribe ? BoundedReasons.Other : said;
            sums[reason] = sums.GetValueOrDefault(reason) + count;
        }
        return reasons.Of(sums);
    }
}
