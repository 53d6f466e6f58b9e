using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

internal static partial class WorkersLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    public static partial void Line(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It wrote too much; lines left out: {Count}.")]
    public static partial void HeldBack(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Process {Id} started.")]
    public static partial void Started(ILogger logger, int id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended: {Problem}. Restarting in {Delay}.")]
    public static partial void Restarting(ILogger logger, string problem, string delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Ended: {Problem}. Not restarted any more, as its supervision says.")]
    public static partial void GivenUp(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped: {Exit}.")]
    public static partial void Stopped(ILogger logger, string exit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Id} has not ended within {StopTimeout} of SIGTERM; killing it.")]
    public static partial void Killing(ILogger logger, int id, string stopTimeout);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Id} has given no sign of life for {Timeout}; killing it.")]
    public static partial void Silent(ILogger logger, int id, string timeout);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Id} could not be killed; it is restarted when it has ended.")]
    public static partial void NotKilled(ILogger logger, int id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Id} could not be killed and is left behind.")]
    public static partial void LeftBehind(ILogger logger, int id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker processes outlive this node should it be killed, since this system lacks `setpriv --pdeathsig`, `setsid` (util-linux) or `env --default-signal` (coreutils).")]
    public static partial void NoLeash(ILogger logger);
}
