using System.Text.Json;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Says once, at the end, what became of all messages.</summary>
internal sealed class FinalLedger(RouterNode node, SummaryFile? summary, RunSettings settings, ILogger logger, TextWriter error)
{
    private int _published;

    /// <param name="beforeTable">Called before the table is written, to let the log end.</param>
    /// <param name="showTable">Whether there is anything worth to show.</param>
    /// <returns>False where the summary file could not be written.</returns>
    public bool Publish(Action beforeTable, bool showTable = true)
    {
        if (Interlocked.Exchange(ref _published, 1) != 0) return true;
        var ledger = node.Ledger();
        showTable &= settings.LogLevel <= LogLevel.Information;
        var json = ledger.ToJson();
        if (showTable && settings.JsonLog) RunLog.FinalLedger(logger, JsonSerializer.Serialize(JsonDocument.Parse(json)));
        beforeTable();
        if (showTable && !settings.JsonLog) error.Write(LedgerTable.Print(ledger));
        if (summary?.Write(json) is not { } problem) return true;
        error.WriteLine($"error: {problem}");
        return false;
    }
}
