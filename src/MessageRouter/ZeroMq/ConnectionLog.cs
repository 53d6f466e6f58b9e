using MessageRouter.Components;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using Microsoft.Extensions.Logging;

namespace MessageRouter.ZeroMq;

/// <summary>Says what goes wrong before a peer is one, each kind of line, and each rule that is broken, at most once a second.</summary>
internal sealed partial class ConnectionLog(ILogger logger, TimeProvider clock) : IConnectionLog
{
    private readonly RefusalThrottles _refused = new(clock);
    private readonly LogThrottle _notConnected = new(clock);
    private readonly LogThrottle _notAccepted = new(clock);

    public void Refused(string peer, string reason, string refusal) =>
        _refused.Of(refusal).Write(suppressed => Refused(logger, peer, reason, suppressed));

    public void TurnedAway(TurnedAway connection) =>
        _refused.Of(connection.Refusal).Write(suppressed => TurnedAway(logger, connection.Peer, connection.Reason, suppressed));

    public void NotConnected(string endpoint, string reason) =>
        _notConnected.Write(suppressed => NotConnected(logger, endpoint, reason, suppressed));

    public void NotAccepted(string endpoint, Exception exception) =>
        _notAccepted.Write(suppressed => NotAccepted(logger, endpoint, exception.Message, suppressed));

    public void Failed(string peer, Exception exception) => Failed(logger, peer, exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection with {Peer} was ended before it began. {Reason}{Suppressed}")]
    private static partial void Refused(ILogger logger, string peer, string reason, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "A connection from {Peer} was refused. {Reason}{Suppressed}")]
    private static partial void TurnedAway(ILogger logger, string peer, string reason, string suppressed);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint} cannot be connected to: {Reason}. It is tried again.{Suppressed}")]
    private static partial void NotConnected(ILogger logger, string endpoint, string reason, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection at {Endpoint} could not be accepted: {Reason}. It is tried again.{Suppressed}")]
    private static partial void NotAccepted(ILogger logger, string endpoint, string reason, string suppressed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection with {Peer} ended by a failure on this side.")]
    private static partial void Failed(ILogger logger, string peer, Exception exception);
}
