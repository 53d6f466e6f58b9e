using Microsoft.Extensions.Logging;

namespace MessageRouter.Pools;

internal static partial class PoolLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Failed: {Problem} Set aside for {Delay}, since it keeps failing; what was queued for it goes to the other copies.")]
    public static partial void SetAside(ILogger logger, string problem, string delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "Taken back into the pool.")]
    public static partial void TakenBack(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed: {Problem} Stopped, as its supervision says; what was queued for it goes to the other copies.")]
    public static partial void CopyStopped(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Every copy has stopped; what is still sent to them is dropped and counted.")]
    public static partial void AllStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Every copy is set aside; messages wait until one is back.")]
    public static partial void NoneLeft(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The resize from {Before} to {After} waits for {Copies}.")]
    public static partial void ResizeWaits(ILogger logger, int before, int after, string copies);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The resize to {Size} waits for the one from {Before} to {After}.")]
    public static partial void ResizeWaitsForAnother(ILogger logger, int size, int before, int after);

    [LoggerMessage(Level = LogLevel.Information, Message = "Resized from {Before} to {After}.")]
    public static partial void Resized(ILogger logger, int before, int after);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cluster has given this node {Copies} of the copies, and one of them cannot be started: {Problem} It is tried again in {Seconds} s.")]
    public static partial void ShareNotStarted(ILogger logger, int copies, string problem, int seconds);
}
