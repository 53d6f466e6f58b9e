using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace MessageRouter.ZeroMq;

/// <summary>
/// Says what happens on a socket's connections, where there is much of it one line of each kind a second.
/// </summary>
/// <param name="logger">The component's log.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="maxMessageSize">The limit that a peer may have broken; null where it cannot have.</param>
internal sealed partial class PeerLog(ILogger logger, TimeProvider clock, long? maxMessageSize)
{
    private const int Several = 32;

    private readonly LogThrottle _connected = new(clock, Several);
    private readonly LogThrottle _ended = new(clock, Several);
    private readonly RefusalThrottles _refused = new(clock);
    private readonly LogThrottle _tooLarge = new(clock);
    private readonly LogThrottle _tooSlow = new(clock);
    private long _missed;

    public void Write(PeerChange change)
    {
        if (change.Connected) _connected.Write(suppressed => Connected(logger, change.Endpoint, suppressed));
        else if (change.Reason is { } reason) (change.Refusal is { } refusal ? _refused.Of(refusal) : _ended).Write(suppressed => EndedBecause(logger, change.Endpoint, reason, suppressed));
        else if (maxMessageSize is { } limit) _ended.Write(suppressed => EndedOrClosed(logger, change.Endpoint, limit, suppressed));
        else _ended.Write(suppressed => Ended(logger, change.Endpoint, suppressed));
    }

    public void TooLarge(long size) =>
        _tooLarge.Write(suppressed => TooLarge(logger, size, maxMessageSize ?? 0, suppressed));

    public void NotSent(int count, long limit) =>
        _tooLarge.Write(suppressed => NotSent(logger, count, limit, suppressed));

    public void TooSlow(string subscriber, int count)
    {
        var missed = Interlocked.Add(ref _missed, count);
        _tooSlow.Write(suppressed => TooSlow(logger, subscriber, missed, suppressed));
    }

    public void NoSubscriber(int count) => NoSubscriber(logger, count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No subscriber is there for messages to send; they are dropped and counted, {Count} so far.")]
    private static partial void NoSubscriber(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A peer is connected at {Endpoint}.{Suppressed}")]
    private static partial void Connected(ILogger logger, string endpoint, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection with {Peer} has ended. {Reason}{Suppressed}")]
    private static partial void EndedBecause(ILogger logger, string peer, string reason, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscriber {Subscriber} takes messages too slowly and has missed some; subscribers have missed {Missed} in all (high-water-mark).{Suppressed}")]
    private static partial void TooSlow(ILogger logger, string subscriber, long missed, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "A connection at {Endpoint} has ended.{Suppressed}")]
    private static partial void Ended(ILogger logger, string endpoint, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "A connection at {Endpoint} has ended: the peer left, or broke a rule such as max-message-size, {Limit} bytes; the wire does not say which.{Suppressed}")]
    private static partial void EndedOrClosed(ILogger logger, string endpoint, long limit, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages were dropped, {Count} of them now: they are larger than max-message-size, {Limit} bytes.{Suppressed}")]
    private static partial void NotSent(ILogger logger, int count, long limit, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of {Size} bytes was dropped: its frames together are larger than max-message-size, {Limit} bytes.{Suppressed}")]
    private static partial void TooLarge(ILogger logger, long size, long limit, string suppressed);
}
