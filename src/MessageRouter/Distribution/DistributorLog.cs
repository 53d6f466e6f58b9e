using MessageRouter.Components;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Distribution;

/// <summary>Says which workers come and go: those of a pool each, those of a crowd one a second.</summary>
internal sealed partial class DistributorLog(ILogger logger, TimeProvider clock)
{
    private const int Pool = 32;

    private readonly LogThrottle _ready = new(clock, Pool);
    private readonly LogThrottle _gone = new(clock, Pool);
    private readonly RefusalThrottles _refused = new(clock);
    private readonly LogThrottle _tooLarge = new(clock);

    public void Ready(string worker, int workers) =>
        _ready.Write(suppressed => Ready(logger, worker, workers, suppressed));

    public void Gone(string worker, PeerEnd end, int messages, int workers) =>
        (end.Refusal is { } refusal ? _refused.Of(refusal) : _gone).Write(suppressed => Gone(logger, worker, end.Reason, messages, workers, suppressed));

    public void Alone(long waiting) => Alone(logger, waiting);

    public void TooLarge(long size, long limit) =>
        _tooLarge.Write(suppressed => TooLarge(logger, size, limit, suppressed));

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Worker} is connected; workers are there now: {Workers}.{Suppressed}")]
    private static partial void Ready(ILogger logger, string worker, int workers, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody has connected yet to take messages; {Waiting} wait for that.")]
    private static partial void Alone(ILogger logger, long waiting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Worker} is gone: {Reason} Messages that go to others: {Messages}; workers left: {Workers}.{Suppressed}")]
    private static partial void Gone(ILogger logger, string worker, string reason, int messages, int workers, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of {Size} bytes was dropped: it is larger than max-message-size, {Limit} bytes.{Suppressed}")]
    private static partial void TooLarge(ILogger logger, long size, long limit, string suppressed);
}
