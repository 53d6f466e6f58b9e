using MessageRouter.Cluster.Membership;

namespace MessageRouter.Cluster.Pools;

/// <summary>
/// What one node decides for all that is placed, from what all nodes have told of themselves. All nodes have as many, to within one, but no more than they may; who is to have more gets them when others have ended theirs, so
/// that there are never more than there are to be. No more change places than have to.
/// </summary>
internal static class PoolCoordinator
{
    /// <param name="pools">The decisions that there are.</param>
    /// <param name="nodes">All nodes that are not gone.</param>
    /// <param name="coordinator">A number of the node that decides.</param>
    /// <returns>The decisions that are new.</returns>
    public static IReadOnlyList<PoolShares> Next(IEnumerable<PoolShares> pools, IReadOnlyCollection<NodeProfile> nodes, int coordinator)
    {
        var known = pools.ToDictionary(pool => pool.Name);
        var candidates = nodes.SelectMany(node => node.Pools.Select(candidate => (node.Node, Candidate: candidate))).ToLookup(each => each.Candidate.Name);
        return
        [
            .. known.Keys.Union(candidates.Select(each => each.Key)).Order(StringComparer.Ordinal)
                .Select(name => Next(known.GetValueOrDefault(name) ?? new PoolShares(0, name, 0, -1, new Dictionary<string, int>()), ByNode(candidates[name]), coordinator)).OfType<PoolShares>(),
        ];
    }

    private static PoolShares? Next(PoolShares last, IReadOnlyDictionary<string, PoolCandidate> candidates, int coordinator)
    {
        var next = Written(last, [.. candidates.Values.Select(candidate => candidate.Total).Distinct()]);
        next = next with { Shares = Shares(next, candidates), Epoch = AgreementEpoch.After(last.Epoch, coordinator) };
        var isNew = next.Total != last.Total || next.Written != last.Written || next.Shares.Count != last.Shares.Count || next.Shares.Any(share => last.Shares.GetValueOrDefault(share.Key, -1) != share.Value);

        // One of another coordinator is followed by one in any case, so that what that may still write is older.
        return isNew || (next.Epoch != last.Epoch + 1 && last.Epoch > 0) ? next : null;
    }

    /// <summary>Of two with one name, which is there again while the others still know of its last run, both count as running.</summary>
    private static Dictionary<string, PoolCandidate> ByNode(IEnumerable<(string Node, PoolCandidate Candidate)> candidates) =>
        candidates.GroupBy(each => each.Node, each => each.Candidate).ToDictionary(node => node.Key, node => node.Last() with { Running = node.Sum(candidate => candidate.Running) });

    /// <summary>What all files say is in force as soon as all do; until then, and after somebody has asked for another number, what was.</summary>
    private static PoolShares Written(PoolShares last, int[] totals) =>
        last.Written < 0 && totals.Length > 0 ? last with { Total = totals.Max(), Written = totals.Max() }
        : totals is [var all] && all != last.Written ? last with { Total = all, Written = all }
        : last;

    private static Dictionary<string, int> Shares(PoolShares pool, IReadOnlyDictionary<string, PoolCandidate> candidates)
    {
        var quotas = Quotas(pool, candidates);
        var shares = quotas.ToDictionary(quota => quota.Key, quota => Math.Min(quota.Value, pool.Shares.GetValueOrDefault(quota.Key)));
        var free = pool.Total - candidates.Sum(node => Math.Max(shares[node.Key], node.Value.Running));
        foreach (var (node, quota) in quotas.Where(quota => quota.Value > shares[quota.Key]).OrderBy(quota => shares[quota.Key]).ThenBy(quota => quota.Key, StringComparer.Ordinal))
        {
            // What a node has already it need not wait for.
            var held = Math.Max(shares[node], candidates[node].Running);
            var share = Math.Min(quota, held + Math.Max(0, free));
            free -= Math.Max(0, share - held);
            shares[node] = share;
        }
        return shares;
    }

    /// <summary>How many each is to have: as many up to a level, and what does not divide those who have the most now.</summary>
    private static Dictionary<string, int> Quotas(PoolShares pool, IReadOnlyDictionary<string, PoolCandidate> candidates)
    {
        var level = 0;
        for (var step = 1 << 14; step > 0; step >>= 1)
        {
            if (candidates.Values.Sum(node => (long)Math.Min(node.PerNode, level + step)) <= pool.Total) level += step;
        }
        var quotas = candidates.ToDictionary(node => node.Key, node => Math.Min(node.Value.PerNode, level));
        var left = pool.Total - quotas.Values.Sum();
        foreach (var node in candidates.Where(node => node.Value.PerNode > level).OrderByDescending(node => pool.Shares.GetValueOrDefault(node.Key)).ThenBy(node => node.Key, StringComparer.Ordinal).Take(left).ToList())
            quotas[node.Key]++;
        return quotas;
    }
}
