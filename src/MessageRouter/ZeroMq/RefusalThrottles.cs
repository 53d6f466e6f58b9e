using MessageRouter.Components;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.ZeroMq;

/// <summary>Throttles of what is said about peers that have broken a rule, one for each rule: a flood of one kind does not hide the others.</summary>
/// <param name="clock">The node's clock.</param>
internal sealed class RefusalThrottles(TimeProvider clock)
{
    private readonly Dictionary<string, LogThrottle> _throttles = Refusals.All.ToDictionary(refusal => refusal, _ => new LogThrottle(clock));

    /// <param name="refusal">One of <see cref="Refusals"/>.</param>
    public LogThrottle Of(string refusal) => _throttles[refusal];
}
