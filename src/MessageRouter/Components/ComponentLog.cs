using Microsoft.Extensions.Logging;

namespace MessageRouter.Components;

internal static partial class ComponentLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Closing failed.")]
    public static partial void CloseFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed: {Problem} Restarting in {Delay}.{Suppressed}")]
    public static partial void Restarting(ILogger logger, string problem, string delay, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed: {Problem} Going on, as its supervision says.{Suppressed}")]
    public static partial void Resuming(ILogger logger, string problem, string suppressed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed: {Problem} Stopped, as its supervision says; what is still sent to it is dropped and counted.")]
    public static partial void Stopped(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed: {Problem} Not tried again, since the node is stopping.")]
    public static partial void NotTriedAgain(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The error output itself failed on an error event: {Problem}")]
    public static partial void ErrorOutputFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "It is this node's turn: it reads here now.")]
    public static partial void HasItsTurn(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "It is not this node's turn any more: it reads no more here, and stands by.")]
    public static partial void StandsBy(ILogger logger);
}
