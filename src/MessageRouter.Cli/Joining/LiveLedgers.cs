using MessageRouter.Cli.Controlling;
using MessageRouter.Clustering;
using MessageRouter.Ledger;

namespace MessageRouter.Cli.Joining;

/// <summary>The ledgers of a cluster's nodes while they run, looked at one after the other until each node has been seen at rest.</summary>
internal static class LiveLedgers
{
    /// <summary>Looks after which what does not fit is no coincidence any more.</summary>
    private const int MostLooks = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks one node for all.</summary>
    /// <returns>What they count together, and who does not answer.</returns>
    public static async Task<(LedgerJoin Join, IReadOnlyList<string> Away)> JoinAsync(ControlClient client, CancellationToken cancellation)
    {
        List<ClusterReport> looks = [await client.ClusterAsync(cancellation), await client.ClusterAsync(cancellation)];
        while (true)
        {
            var join = Join(looks);
            if (join.NodeProblems.Count == 0 || looks.Count == MostLooks) return (join, Away(looks));
            await Task.Delay(Pause, TimeProvider.System, cancellation);
            looks.Add(await client.ClusterAsync(cancellation));
        }
    }

    /// <summary>Joins what was seen, of the runs that have answered each time.</summary>
    public static LedgerJoin Join(IReadOnlyList<ClusterReport> looks)
    {
        var ledgers = looks.Select(look => look.Nodes.Where(node => node.Status?.Epoch.Length > 0).Select(node => node.Status!.ToLedger()).DistinctBy(ledger => ledger.Epoch).ToList()).ToList();
        var always = ledgers.Select(look => look.Select(ledger => ledger.Epoch)).Aggregate((seen, look) => seen.Intersect(look)).ToHashSet();
        return LedgerJoin.OfLive([.. ledgers.Select(look => look.FindAll(ledger => always.Contains(ledger.Epoch)))]);
    }

    /// <summary>Nodes of the last look that have not answered each time.</summary>
    private static List<string> Away(List<ClusterReport> looks) =>
        [.. looks[^1].Nodes.Where(node => looks.Exists(look => look.Nodes.FirstOrDefault(other => other.Member.Address == node.Member.Address)?.Status is null)).Select(node => node.Member.Name)];
}
