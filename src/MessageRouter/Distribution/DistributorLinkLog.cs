using MessageRouter.Components;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Distribution;

/// <summary>Says of which distributors the node is a worker, each kind of line at most once a second.</summary>
internal sealed partial class DistributorLinkLog(ILogger logger, TimeProvider clock)
{
    private readonly LogThrottle _welcomed = new(clock);
    private readonly LogThrottle _ended = new(clock);
    private readonly RefusalThrottles _refused = new(clock);

    public void Welcomed(string distributor, uint window) =>
        _welcomed.Write(suppressed => Welcomed(logger, distributor, window, suppressed));

    public void Ended(string distributor, PeerEnd end, int unanswered) =>
        (end.Refusal is { } refusal ? _refused.Of(refusal) : _ended).Write(suppressed => Ended(logger, distributor, end.Reason, unanswered, suppressed));

    [LoggerMessage(Level = LogLevel.Information, Message = "The distributor at {Distributor} gives this worker messages, at most {Window} at a time.{Suppressed}")]
    private static partial void Welcomed(ILogger logger, string distributor, uint window, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "The link to the distributor at {Distributor} has ended. {Reason} Messages that were not answered for, which it gives to another: {Unanswered}.{Suppressed}")]
    private static partial void Ended(ILogger logger, string distributor, string reason, int unanswered, string suppressed);
}
