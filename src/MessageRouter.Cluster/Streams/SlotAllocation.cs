using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Streams;

/// <summary>
/// Decides whose the slots of a stream are. All who take it have as many for their weight, to within one, and each at least one, as long as there are no more of them than slots; only those change hands that must. A slot that does is nobody's first, and somebody's when all who
/// feed the stream have said of that table that they have nothing of it out, and all who take it that they have nothing of those who do not feed it any more.
/// </summary>
internal static class SlotAllocation
{
    /// <summary>The next table.</summary>
    /// <param name="table">The last one.</param>
    /// <param name="takers">The endpoints of those who take the stream, with their weights.</param>
    /// <param name="finished">The newest table of which all who take the stream have said that they have nothing of those who do not feed it any more.</param>
    /// <param name="feeders">All who feed the stream in the table's way, or ask to.</param>
    /// <param name="epoch">The number that the next one has; a table of another coordinator is followed by one in any case, so that what that may still write is older.</param>
    /// <returns>Null where the last one is still right.</returns>
    public static SlotTable? Next(SlotTable table, IReadOnlyDictionary<string, int> takers, long finished, IReadOnlyCollection<StreamFeeding> feeders, long epoch)
    {
        var numbers = feeders.Where(feeder => feeder.Feeder != 0).Select(feeder => feeder.Feeder).Order().ToList();
        var owners = table.Slots.Select((_, slot) => table.OwnerOf(slot)).ToArray();
        var quotas = Quotas(owners, takers);
        var changes = Release(owners, quotas) | !numbers.SequenceEqual(table.Feeders) | epoch != table.Epoch + 1;
        if (!changes && quotas.Count > 0 && table.Held > 0 && finished >= table.Epoch && feeders.All(feeder => feeder.Feeder == 0 || feeder.Finished >= table.Epoch)) changes = Grant(owners, quotas);
        if (!changes) return null;
        var places = owners.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var placeOf = places.Select((taker, place) => (taker, place)).ToDictionary(each => each.taker, each => each.place);
        return table with { Epoch = epoch, Takers = places, Slots = [.. owners.Select(owner => owner is null ? SlotTable.Nobody : placeOf[owner])], Feeders = numbers };
    }

    /// <summary>How many slots each is to have: those who have the most now have what does not divide.</summary>
    private static Dictionary<string, int> Quotas(string?[] owners, IReadOnlyDictionary<string, int> takers)
    {
        var counts = owners.OfType<string>().CountBy(owner => owner).ToDictionary();
        var (quotas, slots, weights) = Least(takers);
        var others = takers.Where(taker => !quotas.ContainsKey(taker.Key)).ToList();
        foreach (var taker in others) quotas[taker.Key] = (int)(slots * taker.Value / weights);
        var left = (int)(slots - others.Sum(taker => quotas[taker.Key]));
        foreach (var (taker, _) in others.OrderByDescending(taker => counts.GetValueOrDefault(taker.Key) - quotas[taker.Key]).ThenBy(taker => taker.Key, StringComparer.Ordinal).Take(left)) quotas[taker]++;
        return quotas;
    }

    /// <summary>Who takes so little beside others that it would be less than a slot has one; the others divide the rest.</summary>
    /// <returns>Those who have one, and the slots and weights that are left.</returns>
    private static (Dictionary<string, int> Quotas, long Slots, long Weights) Least(IReadOnlyDictionary<string, int> takers)
    {
        var (quotas, slots, weights) = (new Dictionary<string, int>(), (long)SlotTable.Count, takers.Values.Sum(weight => (long)weight));
        if (takers.Count > SlotTable.Count) return (quotas, slots, weights);
        foreach (var (taker, weight) in takers.OrderBy(taker => taker.Value))
        {
            if (slots * weight >= weights) break;
            quotas[taker] = 1;
            slots--;
            weights -= weight;
        }
        return (quotas, slots, weights);
    }

    /// <summary>Takes slots from those who are gone or have too many.</summary>
    private static bool Release(string?[] owners, Dictionary<string, int> quotas)
    {
        var left = new Dictionary<string, int>(quotas);
        var changes = false;
        for (var slot = 0; slot < owners.Length; slot++)
        {
            if (owners[slot] is not { } owner || left.TryGetValue(owner, out var more) && (left[owner] = more - 1) >= 0) continue;
            owners[slot] = null;
            changes = true;
        }
        return changes;
    }

    /// <summary>Gives slots that are nobody's to those who have too few.</summary>
    private static bool Grant(string?[] owners, Dictionary<string, int> quotas)
    {
        var counts = owners.OfType<string>().CountBy(owner => owner).ToDictionary();
        var free = new Queue<string>(quotas.SelectMany(quota => Enumerable.Repeat(quota.Key, Math.Max(0, quota.Value - counts.GetValueOrDefault(quota.Key)))));
        for (var slot = 0; slot < owners.Length; slot++) owners[slot] ??= free.Dequeue();
        return true;
    }
}
