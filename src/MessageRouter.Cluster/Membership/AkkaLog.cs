using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MessageRouter.Cluster.Membership;

/// <summary>What Akka itself has to say goes to the node's log. That connections end is told in words of our own, and is not worth a stack trace.</summary>
internal sealed partial class AkkaLog : ReceiveActor
{
    public AkkaLog()
    {
        var logger = Context.System.Settings.Setup.Get<Target>().Value.Logger;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(said =>
        {
            var level = said.LogLevel() == Akka.Event.LogLevel.ErrorLevel && !IsOfConnections(said) ? LogLevel.Warning : LogLevel.Debug;
            Said(logger, level, said.Message?.ToString() ?? "", level == LogLevel.Warning ? said.Cause : null);
        });
    }

    private static bool IsOfConnections(LogEvent said) =>
        said.LogSource.Contains("/system/endpointManager", StringComparison.Ordinal) || said.LogClass.Namespace?.StartsWith("Akka.Remote", StringComparison.Ordinal) == true || said.Cause?.GetType().Namespace?.StartsWith("Akka.Remote", StringComparison.Ordinal) == true;

    [LoggerMessage(Message = "Akka: {Message}")]
    private static partial void Said(ILogger logger, LogLevel level, string message, Exception? cause);

    /// <summary>Where it goes to.</summary>
    public sealed class Target(ILogger logger) : Setup
    {
        public ILogger Logger => logger;
    }
}
