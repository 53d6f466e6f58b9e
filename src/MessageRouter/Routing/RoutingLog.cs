using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

internal static partial class RoutingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} started with {Count} components.")]
    public static partial void Started(ILogger logger, string node, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whoever reaches this machine may connect, and is not asked who that is: {Addresses}. Listen on an address that only those reach who may, or name them in `limits.allow-from`.")]
    public static partial void Open(ILogger logger, string addresses);

    [LoggerMessage(Level = LogLevel.Information, Message = "Whoever has one of the addresses that are named may connect, and is not asked who that is: {Addresses}.")]
    public static partial void OpenToSome(ILogger logger, string addresses);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passwords and messages can be read by everybody on the way to {Links}: PLAIN encrypts nothing. Use `curve`, or a network that nobody else is in.")]
    public static partial void Readable(ILogger logger, string links);

    [LoggerMessage(Level = LogLevel.Information, Message = "Endpoints of {Component}: {Endpoints}.")]
    public static partial void Endpoints(ILogger logger, string component, string endpoints);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node is full: {Waiting} wait in it, and `memory.limit` is {Limit}. Until there is room inputs wait, or drop what comes where they cannot. Most of it is in {Holders}{Suppressed}.")]
    public static partial void MemoryFull(ILogger logger, string waiting, string limit, string holders, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "The node has room again: {Waiting} wait in it.")]
    public static partial void MemoryFree(ILogger logger, string waiting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining for {Seconds} s; {Count} left: {Remaining}.")]
    public static partial void Draining(ILogger logger, long seconds, string count, string remaining);

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining for {Seconds} s; no messages are left, and these have not ended yet: {Components}.")]
    public static partial void Ending(ILogger logger, long seconds, string components);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No messages are left; these have not ended and are not waited for any longer: {Components}.")]
    public static partial void NotWaitedFor(ILogger logger, string components);

    [LoggerMessage(Level = LogLevel.Error, Message = "The drain was cut short. It waited for {Holdups}.")]
    public static partial void DrainTimedOut(ILogger logger, string holdups);

    [LoggerMessage(Level = LogLevel.Error, Message = "Components do not come back from what they are at, and are left behind: {Holdups}.")]
    public static partial void ComponentsLeft(ILogger logger, string holdups);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not sent to subscribers that did not read them in time, though others have them: {Missed}.")]
    public static partial void MissedAtShutdown(ILogger logger, string missed);

    [LoggerMessage(Level = LogLevel.Error, Message = "NetMQ has not sent all that it was given within the `linger` time; what it had left is lost, and is counted as `out`: {Senders}.")]
    public static partial void NotAllSent(ILogger logger, string senders);

    [LoggerMessage(Level = LogLevel.Error, Message = "Dropped and counted as shutdown: {Dropped}.")]
    public static partial void DroppedAtShutdown(ILogger logger, string dropped);
}
