using System.Text.Json;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>Says once, at the end, what became of all messages.</summary>
internal sealed class FinalLedger(RouterNode node, SummaryFile? summary, RunSettings settings, ILoggerFactory loggers, Surroundings surroundings)
{
    private readonly ManualResetEventSlim _published = new();
    private int _begun;

    /// <summary>Whether somebody is at it, or has done it.</summary>
    public bool HasBegun => Volatile.Read(ref _begun) != 0;

    /// <summary>Does once for nothing what takes many times as long the first time, so that it is quick when there is no time left.</summary>
    public void Rehearse()
    {
        var ledger = node.Ledger();
        _ = ledger.ToJson();
        _ = LedgerTable.Print(ledger);
        _ = node.DescribeHoldups();
    }

    /// <summary>Writes ledger and summary. Where somebody else has begun with it, waits for that.</summary>
    /// <param name="limit">How long the summary file, or the wait, may take.</param>
    /// <param name="showTable">Whether there is anything worth to show.</param>
    /// <returns>False where the summary file could not be written.</returns>
    public bool Publish(TimeSpan limit, bool showTable = true)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
        {
            _published.Wait(limit);
            return true;
        }
        try
        {
            return Write(limit, showTable);
        }
        finally
        {
            _published.Set();
        }
    }

    private bool Write(TimeSpan limit, bool showTable)
    {
        var ledger = node.Ledger();

        // First of all: the log may have nobody who reads it, and time may be short. Through a pipe it can go only once.
        var problem = summary is { IsDevice: false } ? summary.Write(ledger.ToJson(), limit) : null;
        showTable &= settings.LogLevel <= LogLevel.Information;
        if (showTable && settings.JsonLog) RunLog.FinalLedger(loggers.CreateLogger("router"), JsonSerializer.Serialize(JsonDocument.Parse(ledger.ToJson())));

        // The log ends here, so that nothing of it comes after the table, and the summary knows what of both was left out.
        loggers.Dispose();
        if (showTable && !settings.JsonLog) surroundings.Error.Write(LedgerTable.Print(ledger));
        var leftOut = surroundings.ConcludeLog();
        if (leftOut > 0) ledger = ledger with { LogLinesLeftOut = leftOut };
        if (summary is not null && (summary.IsDevice || leftOut > 0)) problem = summary.Write(ledger.ToJson(), limit);
        if (problem is null) return true;
        surroundings.Error.WriteLine($"error: {problem}");
        return false;
    }
}
