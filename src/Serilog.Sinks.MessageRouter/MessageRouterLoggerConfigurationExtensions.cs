using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Zmtp.Security;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.MessageRouter;

// Where Serilog looks for sinks.
namespace Serilog;

/// <summary>Sends events to a MessageRouter node.</summary>
public static class MessageRouterLoggerConfigurationExtensions
{
    /// <summary>Sends events to a node. The application never waits: what cannot be sent in time is dropped, counted and told.</summary>
    /// <param name="sinks">The sinks of the logger.</param>
    /// <param name="endpoint">Where to connect to: <c>tcp://logs:5224</c>, or <c>ipc:///run/logs.sock</c>.</param>
    /// <param name="restrictedToMinimumLevel">The least grave events that are sent.</param>
    /// <param name="shape">What an event looks like.</param>
    /// <param name="application">The name of the application; that of the program where nothing is said.</param>
    /// <param name="socket">PUSH or PUB; the node's input has the matching <c>socket-type</c>.</param>
    /// <param name="capacity">Events that wait to be sent, from 1.</param>
    /// <param name="capacityBytes">The same in bytes, from 1; 32 MiB.</param>
    /// <param name="overflow">What gives way then.</param>
    /// <param name="tellLosses">Whether the next event after a loss says how many were lost, in a field <c>dropped</c>.</param>
    /// <param name="linger">How long closing the logger may take to send what waits, at most an hour; 2 s. In a configuration <c>00:00:05</c> is five seconds; <c>5</c> would be days.</param>
    /// <param name="levelSwitch">Changes the least level while the application runs.</param>
    /// <param name="security">How both ends prove who they are: <see cref="PlainSecurity"/>, or <c>CurveSecurity</c> of the package MessageRouter.Curve; null for not at all.</param>
    /// <param name="moreEndpoints">More endpoints to connect to: PUSH shares events out among all that are there, PUB sends them to all.</param>
    /// <param name="formatProvider">How the message writes numbers and times; as everywhere where nothing is said. Fields are values, and are written as they are.</param>
    /// <exception cref="ArgumentException">The endpoint is none, or an option is out of range.</exception>
    public static LoggerConfiguration MessageRouter(
        this LoggerSinkConfiguration sinks, string endpoint, LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum, LogShape shape = LogShape.MessageRouter,
        string? application = null, ClientSocket socket = ClientSocket.Push, int capacity = 100_000, long capacityBytes = 32 << 20,
        ClientOverflow overflow = ClientOverflow.DropNewest, bool tellLosses = true, TimeSpan? linger = null, LoggingLevelSwitch? levelSwitch = null, ZmtpSecurity? security = null,
        string[]? moreEndpoints = null, IFormatProvider? formatProvider = null)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        var options = new MessageClientOptions
        {
            MoreEndpoints = moreEndpoints ?? [],
            Socket = socket,
            Capacity = capacity,
            CapacityBytes = capacityBytes,
            Overflow = overflow,
            TellLosses = tellLosses,
            Security = security,
        };
        if (linger is { } time) options = options with { Linger = time };
        return sinks.Sink(
            new MessageRouterSink(endpoint, shape, application ?? System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name, options, formatProvider), restrictedToMinimumLevel, levelSwitch);
    }
}
