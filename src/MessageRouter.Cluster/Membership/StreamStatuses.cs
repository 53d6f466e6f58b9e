using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>What is known of a stream, for people.</summary>
internal static class StreamStatuses
{
    public static StreamStatus Of(string stream, IReadOnlyCollection<StreamOffer> offers, IReadOnlyList<KnownMember> members, SlotTable? table)
    {
        var feedings = members.SelectMany(member => member.Profile?.Feeds.Where(feeding => feeding.Stream == stream).Select(feeding => (member.Profile.Node, Feeding: feeding)) ?? []).ToList();
        return new StreamStatus(stream, [.. offers.Select(offer => offer.Node)], [.. feedings.Select(each => each.Node).Distinct()])
        {
            Weights = offers.GroupBy(offer => offer.Node).ToDictionary(node => node.Key, node => node.Sum(offer => offer.Weight)),
            Keys = table is null || feedings.All(each => each.Feeding.Key is null) ? null : Of(table, members),
            Problem = ProblemOf(feedings),
        };
    }

    private static StreamKeys Of(SlotTable table, IReadOnlyList<KnownMember> members)
    {
        var nodes = members.SelectMany(member => member.Profile?.Offers ?? []).DistinctBy(offer => offer.Endpoint).ToDictionary(offer => offer.Endpoint, offer => offer.Node);
        var shares = table.Slots.Where(owner => owner != SlotTable.Nobody).Select(owner => table.Takers[owner]).CountBy(taker => nodes.GetValueOrDefault(taker, taker));
        return new StreamKeys(
            table.Key, AgreementEpoch.Text(table.Epoch), table.Held, [.. shares.OrderBy(share => share.Key, StringComparer.Ordinal).Select(share => new SlotShare(share.Key, share.Value))])
        {
            WaitsFor = table.Held == 0 ? [] : [.. members.Where(member => member.Line.State is not ("joining" or "weakly-up")).Select(member => member.Profile).OfType<NodeProfile>().Where(node => IsAwaited(node, table)).Select(node => node.Node).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>Whether the next owners of slots wait for a word of that node.</summary>
    private static bool IsAwaited(NodeProfile node, SlotTable table) =>
        node.Feeds.Any(feeding => feeding.Stream == table.Stream && feeding.Key == table.Key && feeding.Delivery == table.Delivery && feeding.Feeder != 0 && feeding.Finished < table.Epoch)
        || node.Offers.Any(offer => offer.Stream == table.Stream && offer.Delivery == table.Delivery && offer.Finished < table.Epoch);

    /// <summary>Where some feed a stream by key, all have to feed it in the same way, or a key is several nodes'.</summary>
    private static string? ProblemOf(List<(string Node, StreamFeeding Feeding)> feedings)
    {
        if (feedings.All(each => each.Feeding.Key is null)) return null;
        var ways = feedings.GroupBy(each => each.Feeding.Way, each => each.Node).OrderBy(way => way.Key, StringComparer.Ordinal).ToList();
        return ways.Count == 1 ? null : $"it is fed in several ways: {string.Join("; ", ways.Select(way => $"{way.Key} by {string.Join(", ", way.Distinct().Order(StringComparer.Ordinal))}"))}";
    }
}
