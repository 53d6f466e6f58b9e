using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Joining;
using MessageRouter.Clustering;
using MessageRouter.Ledger;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>What is known of a cluster at one moment.</summary>
/// <param name="Report">What one of its nodes has told last.</param>
/// <param name="Nodes">Its nodes, those that are away among them.</param>
/// <param name="At">When, in seconds.</param>
internal sealed record ClusterSnapshot(ClusterReport Report, IReadOnlyList<SeenNode> Nodes, double At)
{
    /// <summary>For how many seconds it is told that a node is back.</summary>
    private const double BackIsTold = 60;

    /// <summary>What the links add up to, over two looks; null after the first.</summary>
    public LedgerJoin? Join { get; init; }

    /// <summary>Seconds for which nobody has answered; null while somebody does.</summary>
    public double? SilentSeconds { get; init; }

    /// <param name="memory">What was seen before.</param>
    /// <param name="last">The look before; null for none.</param>
    /// <param name="report">The look.</param>
    /// <param name="now">When, in seconds.</param>
    public static ClusterSnapshot Take(ClusterMemory memory, ClusterReport? last, ClusterReport report, double now)
    {
        memory.Take(report, now);
        return new ClusterSnapshot(report, memory.Nodes, now) { Join = last is null ? null : LiveLedgers.Join([last, report]) };
    }

    /// <summary>Who is not there, and who has come back.</summary>
    public IEnumerable<(SeenNode Node, string Text)> News()
    {
        foreach (var node in Nodes)
        {
            if (node.AwaySince is { } away)
            {
                var since = Amount.Time(At - away);
                yield return (node, node.HasLeft ? $"{node.Name} has left, {since} ago"
                    : node.IsGone ? $"{node.Name} is gone for the others; it has not answered for {since}, and what it counts is in no sum"
                    : $"{node.Name} has not answered for {since}: what it counts is in no sum");
            }
            else if (node.BackSince is { } back && At - back < BackIsTold)
            {
                yield return (node, $"{node.Name} came back {Amount.Time(At - back)} ago{(node.WasAway > 0 ? $", after {Amount.Time(node.WasAway)}" : "")}{(node.IsNewRun ? ", as a new run" : "")}");
            }
        }
    }

    /// <summary>What contradicts.</summary>
    public IEnumerable<string> Problems() => Join is null ? [] : Join.Links.SelectMany(link => link.Problems.Select(problem => $"{link.From} to {link.To}: {problem}"));
}
