using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Streams;

/// <summary>What one node decides for all streams that are fed by key, from what all nodes have told of themselves.</summary>
internal static class SlotCoordinator
{
    /// <param name="tables">The tables that there are.</param>
    /// <param name="nodes">All nodes that are not gone.</param>
    /// <param name="coordinator">A number of the node that decides.</param>
    /// <returns>The tables that are new.</returns>
    public static IReadOnlyList<SlotTable> Next(IEnumerable<SlotTable> tables, IReadOnlyCollection<NodeProfile> nodes, int coordinator)
    {
        var known = tables.ToDictionary(table => table.Stream);
        var feedings = nodes.OrderBy(node => node.Node, StringComparer.Ordinal).SelectMany(node => node.Feeds).Where(feeding => feeding is { Key: not null, Feeder: not 0 }).ToLookup(feeding => feeding.Stream);
        return
        [
            .. known.Keys.Union(feedings.Select(stream => stream.Key))
                .Select(stream => Next(known.GetValueOrDefault(stream), [.. feedings[stream]], [.. nodes.SelectMany(node => node.Offers).Where(offer => offer.Stream == stream)], coordinator))
                .OfType<SlotTable>(),
        ];
    }

    /// <remarks>Who feeds it otherwise than those who were there first waits until these are gone.</remarks>
    private static SlotTable? Next(SlotTable? last, IReadOnlyList<StreamFeeding> feedings, IReadOnlyList<StreamOffer> offers, int coordinator)
    {
        var table = last is not null && (feedings.Count == 0 || feedings.Any(feeding => IsOf(last, feeding))) ? last
            : SlotTable.Of(feedings[0].Stream, feedings[0].Key!, feedings[0].Delivery) with { Epoch = last?.Epoch ?? 0 };
        var usable = offers.Where(offer => offer.Delivery == table.Delivery).ToList();

        // What the nodes themselves still have that go has to go somewhere, also where those that stay take nothing yet.
        var takers = usable.Where(offer => offer.Weight > 0).ToList();
        if (takers.Exists(offer => !offer.IsLeaving)) takers.RemoveAll(offer => offer.IsLeaving);
        var weights = takers.DistinctBy(offer => offer.Endpoint).ToDictionary(offer => offer.Endpoint, offer => offer.Weight);
        return SlotAllocation.Next(table, weights, usable.Select(offer => offer.Finished).DefaultIfEmpty().Min(), [.. feedings.Where(feeding => IsOf(table, feeding))], AgreementEpoch.After(table.Epoch, coordinator));
    }

    private static bool IsOf(SlotTable table, StreamFeeding feeding) => feeding.Key == table.Key && feeding.Delivery == table.Delivery;
}
