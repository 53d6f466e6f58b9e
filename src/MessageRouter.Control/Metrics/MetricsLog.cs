using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Metrics;

/// <summary>What is said of metrics that are pushed.</summary>
internal static partial class MetricsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Metrics do not arrive at {Collector}: {Problem}. Pushes that have failed in a row: {Failed}; the counters go on, and the next one that arrives has all of them.")]
    public static partial void NotTaken(ILogger logger, Uri collector, string problem, int failed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics arrive at {Collector} again; pushes that had failed: {Failed}.")]
    public static partial void Arrive(ILogger logger, Uri collector, int failed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last metrics have not arrived at {Collector}.")]
    public static partial void LastNotTaken(ILogger logger, Uri collector);

    [LoggerMessage(Level = LogLevel.Error, Message = "Metrics cannot be pushed to {Collector}; the node goes on without.")]
    public static partial void NotPushed(ILogger logger, Uri collector, Exception exception);
}
