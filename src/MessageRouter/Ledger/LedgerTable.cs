using System.Globalization;
using System.Text;

namespace MessageRouter.Ledger;

/// <summary>The ledger for people: one line a component, and whether every message is accounted for.</summary>
internal static class LedgerTable
{
    private static readonly string[] Headings =
        ["component", "type", "in", "created", "out", "filtered", "failed", "dropped", "queued", "restarts"];

    // The numbers stand right, the words left.
    private static readonly bool[] IsNumber = [false, false, true, true, true, true, true, false, true, true];

    public static string Print(LedgerSnapshot ledger)
    {
        var rows = ledger.Components.Select(Cells).Prepend(Headings).ToList();
        var widths = Enumerable.Range(0, Headings.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => IsNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        if (ledger.Balanced) return text.Append("balanced\n").ToString();

        var reasons = Imbalances(ledger).ToList();
        return text.Append("NOT BALANCED: ").Append(string.Join("; ", reasons)).Append('\n').ToString();
    }

    private static string[] Cells(ComponentLine line) =>
    [
        line.Name, line.Type, Number(line.In), Number(line.Created), Number(line.Out), Number(line.Filtered), Number(line.Failed),
        line.Dropped.Count == 0 ? "0" : string.Join(", ", line.Dropped.Select(reason => $"{Number(reason.Value)} {reason.Key}")),
        Number(line.Queued), Number(line.Restarts),
    ];

    private static IEnumerable<string> Imbalances(LedgerSnapshot ledger)
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
            var sent = edge.To == "errors" ? byName[edge.From].ErrorEvents : byName[edge.From].Out;
            if (edge.Offered != sent) yield return $"{edge.From} sent {Messages(sent)}, but {edge.To} was offered {Number(edge.Offered)}";
        }
        foreach (var into in ledger.Edges.GroupBy(edge => edge.To))
        {
            var offered = into.Sum(edge => edge.Offered);
            if (offered != byName[into.Key].In) yield return $"{into.Key} was offered {Messages(offered)}, but counted {Number(byName[into.Key].In)}";
        }
    }

    private static string Messages(long count) => count == 1 ? "1 message" : $"{Number(count)} messages";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
