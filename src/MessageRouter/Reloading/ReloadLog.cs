using Microsoft.Extensions.Logging;

namespace MessageRouter.Reloading;

internal static partial class ReloadLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Revision} of the configuration is in force ({Hash}): {Summary}.")]
    public static partial void InForce(ILogger logger, int revision, string hash, string summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reloaded: {Component} {What}.")]
    public static partial void Block(ILogger logger, string component, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "The reload to revision {Revision} is done.")]
    public static partial void Done(ILogger logger, int revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration was read again, and nothing in it has changed.")]
    public static partial void NothingChanged(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This stays as it is until the node is started again: {Keys}.")]
    public static partial void NeedsRestart(ILogger logger, string keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "The reload has failed, and everything is as it was: {Problem}")]
    public static partial void Failed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The reload has failed, and not everything is as it was: {Problem}")]
    public static partial void FailedInPart(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "A component could not be started again as it had been: {Problem}")]
    public static partial void NotTakenBack(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "What was replaced or removed does not come back from what it is at, and is left behind: {Holdups}.")]
    public static partial void LeftBehind(ILogger logger, string holdups);

    [LoggerMessage(Level = LogLevel.Error, Message = "What was removed has not finished in time; what it has left is dropped and counted as reload: {Holdups}.")]
    public static partial void DrainTimedOut(ILogger logger, string holdups);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pool} has not got {Instances} copies yet; the reload waits no longer for it.")]
    public static partial void StillResizing(ILogger logger, string pool, int instances);
}
