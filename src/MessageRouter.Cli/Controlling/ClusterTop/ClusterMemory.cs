using MessageRouter.Clustering;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>Remembers a cluster's nodes for who watches: one that is away, or that the others have given up, is still shown, and its return seen.</summary>
internal sealed class ClusterMemory
{
    /// <summary>For how many seconds a node that has left is shown.</summary>
    public const double LeftIsShown = 60;

    /// <summary>And one that is gone, which may be started again.</summary>
    public const double GoneIsShown = 3600;

    private readonly SortedDictionary<string, SeenNode> _nodes = new(StringComparer.Ordinal);

    /// <summary>All that are there, or were not long ago, by name.</summary>
    public IReadOnlyList<SeenNode> Nodes => [.. _nodes.Values];

    /// <param name="report">What one of them tells.</param>
    /// <param name="now">When, in seconds.</param>
    public void Take(ClusterReport report, double now)
    {
        var names = report.Nodes.Select(node => node.Member.Name).ToHashSet();

        // One that was started again may be there beside its former run, which does not answer any more.
        foreach (var node in report.Nodes.OrderBy(node => node.Status is not null)) _nodes[node.Member.Name] = Seen(node, _nodes.GetValueOrDefault(node.Member.Name), now);
        foreach (var (name, seen) in _nodes.ToList())
        {
            if (names.Contains(name)) continue;

            // Before it had told its name it was known by its address.
            if (name == seen.Member.Address || now - (seen.AwaySince ?? now) > (seen.HasLeft ? LeftIsShown : GoneIsShown)) _nodes.Remove(name);
            else _nodes[name] = seen with { IsGone = true, AwaySince = seen.AwaySince ?? now, HasLeft = seen.HasLeft || (!seen.IsGone && IsLeaving(seen)) };
        }
    }

    private static SeenNode Seen(NodeOfCluster node, SeenNode? before, double now)
    {
        var seen = (before ?? new SeenNode(node.Member.Name, node.Member)) with { Member = node.Member, IsGone = false, HasLeft = false };
        if (node.Status is not { } status) return seen with { AwaySince = seen.AwaySince ?? now };
        var isNewRun = seen.Status is { } last && last.Epoch != status.Epoch;
        return before is null || (seen.AwaySince is null && !isNewRun)
            ? seen with { Status = status, AwaySince = null }
            : seen with { Status = status, AwaySince = null, BackSince = now, WasAway = now - (seen.AwaySince ?? now), IsNewRun = isNewRun };
    }

    private static bool IsLeaving(SeenNode seen) => seen.Member.State is "leaving" or "exiting" || seen.Status?.State is "draining" or "stopped";
}
