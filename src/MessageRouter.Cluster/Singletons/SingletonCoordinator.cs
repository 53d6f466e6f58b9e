using MessageRouter.Cluster.Membership;

namespace MessageRouter.Cluster.Singletons;

/// <summary>
/// What one node decides for all singletons, from what all nodes have told of themselves. Who holds one keeps it until he is not a candidate any more: then he has closed, or is gone. Who is next is the
/// candidate whose node has the fewest.
/// </summary>
internal static class SingletonCoordinator
{
    /// <param name="holders">Those that there are.</param>
    /// <param name="nodes">All nodes that are not gone.</param>
    /// <param name="coordinator">A number of the node that decides.</param>
    /// <returns>The decisions that are new.</returns>
    public static IReadOnlyList<SingletonHolder> Next(IEnumerable<SingletonHolder> holders, IReadOnlyCollection<NodeProfile> nodes, int coordinator)
    {
        var known = holders.ToDictionary(holder => holder.Name);
        var candidates = nodes.SelectMany(node => node.Singletons.Select(candidate => (node.Node, Candidate: candidate))).ToLookup(each => each.Candidate.Name);
        var nodeOf = candidates.SelectMany(each => each).DistinctBy(each => each.Candidate.Number).ToDictionary(each => each.Candidate.Number, each => each.Node);
        var counts = known.Values.Select(holder => nodeOf.GetValueOrDefault(holder.Candidate)).OfType<string>().CountBy(node => node).ToDictionary();
        var next = new List<SingletonHolder>();
        foreach (var name in known.Keys.Union(candidates.Select(each => each.Key)).Order(StringComparer.Ordinal))
        {
            var last = known.GetValueOrDefault(name) ?? new SingletonHolder(0, name, 0);
            var holder = candidates[name].Any(each => each.Candidate.Number == last.Candidate) ? last.Candidate : 0;
            if (holder == 0 && candidates[name].Any())
            {
                var chosen = candidates[name].OrderBy(each => counts.GetValueOrDefault(each.Node)).ThenBy(each => each.Node, StringComparer.Ordinal).First();
                counts[chosen.Node] = counts.GetValueOrDefault(chosen.Node) + 1;
                holder = chosen.Candidate.Number;
            }
            var epoch = AgreementEpoch.After(last.Epoch, coordinator);

            // One of another coordinator is followed by one in any case, so that what that may still write is older.
            if (holder != last.Candidate || (epoch != last.Epoch + 1 && last.Epoch > 0)) next.Add(new SingletonHolder(epoch, name, holder));
        }
        return next;
    }
}
