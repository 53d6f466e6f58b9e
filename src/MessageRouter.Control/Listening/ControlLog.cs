using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Listening;

/// <summary>What the control endpoint says.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The node can be looked at: {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The command cannot look at this node, since it has no socket: {Problem}. `control.socket` names another path, and `control = off` does without.")]
    public static partial void NoSocket(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The condition of a tap does not come back from a message. Its thread is left behind, and takes what processor time nobody else wants until the node ends.")]
    public static partial void LeftBehind(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The control endpoint has failed and answers no more; the node goes on.")]
    public static partial void NotServed(ILogger logger, Exception exception);
}
