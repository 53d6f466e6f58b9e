using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

internal static partial class RunLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Draining; press Ctrl-C again to stop at once.")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping at once.")]
    public static partial void StoppingAtOnce(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "All inputs have ended; draining.")]
    public static partial void InputsEnded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "All inputs have ended, at least one component because of its failures; draining.")]
    public static partial void InputsFailed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The actor system has ended by itself.")]
    public static partial void SystemEnded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Some components did not stop; leaving them.")]
    public static partial void ComponentsLeft(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Files are opened anew.")]
    public static partial void Reopening(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Component} writes to {Path}.")]
    public static partial void WritesTo(ILogger logger, string component, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Final ledger: {Ledger}")]
    public static partial void FinalLedger(ILogger logger, string ledger);
}
