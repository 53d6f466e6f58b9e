using System.Text.Json;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Says once, at the end, what became of all messages.</summary>
internal sealed class FinalLedger(RouterNode node, SummaryFile? summary, RunSettings settings, ILoggerFactory loggers, Surroundings surroundings)
{
    private int _published;

    /// <param name="limit">How long the summary file may take.</param>
    /// <param name="showTable">Whether there is anything worth to show.</param>
    /// <returns>False where the summary file could not be written.</returns>
    public bool Publish(TimeSpan limit, bool showTable = true)
    {
        if (Interlocked.Exchange(ref _published, 1) != 0) return true;
        var ledger = node.Ledger();
        if (surroundings.LogLinesLeftOut() is > 0 and var leftOut) ledger = ledger with { LogLinesLeftOut = leftOut };
        showTable &= settings.LogLevel <= LogLevel.Information;
        var json = ledger.ToJson();
        if (showTable && settings.JsonLog) RunLog.FinalLedger(loggers.CreateLogger("router"), JsonSerializer.Serialize(JsonDocument.Parse(json)));

        // The log ends here, so that nothing of it comes after the table.
        loggers.Dispose();
        if (showTable && !settings.JsonLog) surroundings.Error.Write(LedgerTable.Print(ledger));
        if (summary?.Write(json, limit) is not { } problem) return true;
        surroundings.Error.WriteLine($"error: {problem}");
        return false;
    }
}
