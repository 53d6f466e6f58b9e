using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;

namespace MessageRouter.Ledger;

/// <summary>
/// The ledger for people: one line a component, with a line below it for each of its workers, and one a process; and
/// whether every message is accounted for.
/// </summary>
internal static class LedgerTable
{
    private const int LongestError = 100;

    /// <summary>Bytes from which on it is said how many are queued.</summary>
    private const long Worthwhile = 1 << 20;

    // The numbers stand right, the words left; what stands last only workers have, and some not all of it.
    private static readonly (string Heading, bool IsNumber)[] Columns =
    [
        ("component", false), ("type", false), ("in", true), ("created", true), ("out", true), ("filtered", true), ("failed", true),
        ("dropped", false), ("queued", true), ("restarts", true), ("queued size", true), ("gaps", false), ("unanswered", true), ("redelivered", true), ("unknown", true), ("missed", true), ("per second", true), ("last error", false),
    ];

    private static readonly (string Heading, bool IsNumber)[] ProcessColumns = [("process", false), ("state", false), ("restarts", true), ("last error", false)];

    public static string Print(LedgerSnapshot ledger)
    {
        var text = new StringBuilder();
        Append(text, Columns, ledger.Components.SelectMany(line => LinkRows.Of(line).Select(Cells).Prepend(Cells(line)).Concat((line.Workers ?? []).Select(Cells))), used: 10);
        if (ledger.Processes.Count > 0) Append(text, ProcessColumns, ledger.Processes.Select(Cells), used: ProcessColumns.Length);
        if (ledger.Balanced) return text.Append("balanced\n").ToString();

        var reasons = Imbalances(ledger).ToList();
        return text.Append("NOT BALANCED: ").Append(string.Join("; ", reasons)).Append('\n').ToString();
    }

    /// <param name="text">Takes the table up.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="lines">Its rows.</param>
    /// <param name="used">How many columns are shown always; the others where a row has something in them.</param>
    private static void Append(StringBuilder text, (string Heading, bool IsNumber)[] columns, IEnumerable<string[]> lines, int used)
    {
        var rows = lines.ToList();
        var shown = Enumerable.Range(0, columns.Length).Where(column => column < used || rows.Any(row => row[column].Length > 0)).ToList();
        rows.Insert(0, [.. columns.Select(column => column.Heading)]);
        var widths = columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            text.Append(string.Join("  ", shown.Select(column => columns[column].IsNumber ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]))).TrimEnd()).Append('\n');
    }

    private static string[] Cells(ProcessLine line) => [line.Name, line.State, Number(line.Restarts), OneLine(line.LastError ?? "")];

    private static string[] Cells(ComponentLine line) =>
    [
        line.Name, line.Type, Number(line.In), Number(line.Created), Number(line.Out), Number(line.Filtered), Number(line.Failed),
        line.Dropped.Count == 0 ? "0" : Reasons(line.Dropped),
        Number(line.Queued), Number(line.Restarts), line.QueuedBytes < Worthwhile ? "" : SizeText.Of(line.QueuedBytes), line.Gaps?.ToString() ?? "", "", "", "", "", "", "",
    ];

    private static string[] Cells(WorkerLine line) =>
    [
        $"  {line.Name}", line.State, Number(line.In), Number(line.Created), Number(line.Out), Number(line.Filtered), Number(line.Failed), Reasons(line.Dropped), Number(line.Queued), Number(line.Restarts), "", "",
        Number(line.Unanswered), Number(line.Redelivered), Number(line.Unknown), Number(line.Missed), line.Rate.ToString("0.0", CultureInfo.InvariantCulture), OneLine(line.LastError ?? ""),
    ];

    private static string[] Cells(LinkRow row) => [row.Name, row.State, Number(row.In), "", Number(row.Out), "", "", row.Lost, Number(row.Queued), "", "", "", "", "", "", "", "", row.Problem];

    private static string Reasons(IReadOnlyDictionary<string, long>? dropped) => string.Join(", ", (dropped ?? ReadOnlyDictionary<string, long>.Empty).Select(reason => $"{Number(reason.Value)} {reason.Key}"));

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= LongestError ? line : string.Concat(line.AsSpan(0, LongestError - 1), "…");
    }

    /// <summary>What does not add up in a ledger, by recounting its lines.</summary>
    public static IEnumerable<string> Imbalances(LedgerSnapshot ledger)
    {
        foreach (var line in ledger.Components.Where(line => line.Unaccounted != 0))
        {
            yield return line.Unaccounted > 0
                ? $"{line.Name} cannot account for {Messages(line.Unaccounted)}"
                : $"{line.Name} accounts for {Messages(-line.Unaccounted)} too many";
        }

        var byName = ledger.Components.ToDictionary(line => line.Name);
        foreach (var edge in ledger.Edges)
        {
            var sent = (edge.To == "errors" ? byName[edge.From].ErrorEvents : byName[edge.From].Out) - (edge.NotConnected ?? 0);
            if (edge.Offered != sent) yield return $"{edge.From} sent {Messages(sent)}, but {edge.To} was offered {Number(edge.Offered)}";
        }
        foreach (var into in ledger.Edges.GroupBy(edge => edge.To))
        {
            var offered = into.Sum(edge => edge.Offered);
            if (offered != byName[into.Key].In) yield return $"{into.Key} was offered {Messages(offered)}, but counted {Number(byName[into.Key].In)}";
        }
    }

    private static string Messages(long count) => count == 1 ? "1 message" : $"{Number(count)} messages";

    private static string Number(long? number) => number is { } known ? Number(known) : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
