using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>How a node is run: what does not stand in its configuration.</summary>
internal sealed record RunSettings
{
    /// <summary>Where the final ledger is written; null for nowhere.</summary>
    public string? SummaryFile { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public bool JsonLog { get; init; }
}
