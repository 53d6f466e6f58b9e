using System.Text.Json.Serialization;
using MessageRouter.Components;

namespace MessageRouter.Ledger;

/// <summary>The counts of one component, in messages since the node was made.</summary>
/// <param name="Name">The full name, such as <c>filters.errors</c>; <c>errors</c> for the output of the error chain.</param>
/// <param name="Type">What its <c>type</c> or <c>class</c> names.</param>
/// <param name="In">Offered to it, whether its mailbox took them or not; of an input: read from outside.</param>
/// <param name="Created">Made by the component itself.</param>
/// <param name="Out">Passed on, each counted once however many targets there are; of an output: delivered.</param>
/// <param name="Filtered">A filter decided not to pass them on.</param>
/// <param name="Failed">The component threw on them; they are in the error chain.</param>
/// <param name="Dropped">Dropped, by reason; see <see cref="DropReasons"/>.</param>
/// <param name="Queued">Waiting in its mailbox, before it, or within it.</param>
/// <param name="Restarts">How often supervision has restarted it.</param>
/// <param name="Endpoints">What it listens on, is connected to, reads or writes.</param>
/// <param name="Workers">Those among which it divides its messages; null where it does its work itself.</param>
public record ComponentLine(
    [property: JsonPropertyOrder(-2)] string Name, [property: JsonPropertyOrder(-1)] string Type, long In, long Created, long Out, long Filtered, long Failed,
    IReadOnlyDictionary<string, long> Dropped, long Queued, long Restarts, IReadOnlyList<string> Endpoints,
    IReadOnlyList<WorkerLine>? Workers = null)
{
    /// <summary>The bytes of those that are queued, payloads and frames together.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>What it has found in sequences that applications write; null for what looks for none.</summary>
    public GapLine? Gaps { get; init; }

    /// <summary>What is known of those who sent to it and tell what was lost; null where nobody is asked.</summary>
    public IReadOnlyList<UpstreamLine>? Upstream { get; init; }

    /// <summary>What was sent to those who are told what was lost; null where nobody is told.</summary>
    public IReadOnlyList<DownstreamLine>? Downstream { get; init; }

    /// <summary>The revision of the configuration without it; null for what belongs to the node.</summary>
    public int? Retired { get; init; }

    /// <summary>Messages that came in and are in none of the other counts; 0 where every message is accounted for.</summary>
    internal long Unaccounted => In + Created - Out - Filtered - Failed - Dropped.Values.Sum() - Queued;

    /// <summary>Messages that must have become error events.</summary>
    internal long ErrorEvents => Failed + Dropped.GetValueOrDefault(DropReasons.Undecodable) + Dropped.GetValueOrDefault(DropReasons.Unencodable);

    /// <param name="cell">The component.</param>
    /// <param name="withWorkers">Whether its workers are asked, of which there may be thousands.</param>
    internal static ComponentLine Of(ComponentCell cell, bool withWorkers = true)
    {
        var counts = cell.AllCounts.ToList();
        return new ComponentLine(
            cell.Name, cell.Definition.Type.Name, cell.Counts.In.Value, Sum(count => count.Created), Sum(count => count.Out),
            Sum(count => count.Filtered), Sum(count => count.Failed), DropCounters.Sum(counts.Select(count => count.Dropped)),
            cell.Queued, Sum(count => count.Restarts), cell.Endpoints, withWorkers ? cell.Workers?.Invoke() : null)
        {
            QueuedBytes = cell.QueuedBytes,
            Gaps = GapLine.Of(counts.Select(count => count.Gaps).OfType<GapCounts>()),
            Upstream = cell.Links?.UpstreamLines,
            Downstream = cell.Links?.DownstreamLines,
            Retired = cell.RetiredIn,
        };

        long Sum(Func<ComponentCounts, Counter> which) => counts.Sum(count => which(count).Value);
    }
}
