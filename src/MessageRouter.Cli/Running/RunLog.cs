using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

internal static partial class RunLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Draining; press Ctrl-C again to stop at once.")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping at once.")]
    public static partial void StoppingAtOnce(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "All inputs have ended; draining.")]
    public static partial void Ended(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is left to do, since failures have stopped components; draining.")]
    public static partial void EndedByFailures(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The actor system has ended by itself.")]
    public static partial void SystemEnded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stop has run out of time; what does not come back is left behind: {Holdups}.")]
    public static partial void ComponentsLeft(ILogger logger, string holdups);

    [LoggerMessage(Level = LogLevel.Information, Message = "Files are opened anew.")]
    public static partial void Reopening(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Answer}")]
    public static partial void MeaninglessSignal(ILogger logger, string answer);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} has changed; the configuration is read again.")]
    public static partial void FileChanged(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration that was read again is wrong; nothing changes.{Problems}")]
    public static partial void NotReloaded(ILogger logger, string problems);

    [LoggerMessage(Level = LogLevel.Error, Message = "What has changed in the configuration cannot be applied: {Problem}")]
    public static partial void ReloadFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "An example is running: errors go to the standard output and to {Path}. Ctrl-C ends it.")]
    public static partial void Example(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Final ledger: {Ledger}")]
    public static partial void FinalLedger(ILogger logger, string ledger);
}
