using System.Collections.Frozen;
using MessageRouter.Ledger;

namespace MessageRouter.Monitoring.Metrics;

/// <summary>
/// The reasons for which one component drops messages, as a label: those of the router, and the first of the component's own. Whatever else it names
/// counts as <see cref="Other"/>, so that a reason with a number in it does not make a series for each number.
/// </summary>
internal sealed class BoundedReasons
{
    /// <summary>Reasons that stand by themselves.</summary>
    public const int Most = 32;

    public const string Other = "other";

    private static readonly FrozenSet<string> Known = typeof(DropReasons).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToFrozenSet();

    private readonly HashSet<string> _own = [];

    public IEnumerable<(string Reason, long Count)> Of(IReadOnlyDictionary<string, long> dropped)
    {
        var other = 0L;
        foreach (var (reason, count) in dropped)
        {
            if (reason != Other && (Known.Contains(reason) || _own.Contains(reason) || (_own.Count < Most - Known.Count && _own.Add(reason)))) yield return (reason, count);
            else other += count;
        }
        if (other > 0) yield return (Other, other);
    }
}
