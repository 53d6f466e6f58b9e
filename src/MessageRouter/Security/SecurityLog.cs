using Microsoft.Extensions.Logging;

namespace MessageRouter.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The list {List} of those who may connect has changed: {Change}. It has {Count}.")]
    public static partial void ListChanged(ILogger logger, string list, string change, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The list {List} of those who may connect is another one, of {Count}.")]
    public static partial void ListReplaced(ILogger logger, string list, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of the list {List} is not in force, and what was said there before stays: {Problem}")]
    public static partial void ListNotChanged(ILogger logger, string list, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The list {List} of those who may connect is in order again.")]
    public static partial void ListMended(ILogger logger, string list);

    [LoggerMessage(Level = LogLevel.Error, Message = "The authenticator has failed on {Peer}, who was refused.{Suppressed}")]
    public static partial void AuthenticatorFailed(ILogger logger, string peer, string suppressed, Exception exception);
}
