using MessageRouter.Monitoring.Taps;

namespace MessageRouter.Trials;

/// <summary>Keeps all that passes the components of a trial, with the time of the real clock.</summary>
internal sealed class TrialTap : ITap
{
    private readonly Lock _lock = new();
    private readonly List<Seen> _seen = [];

    public void Offer(string component, TapSide side, MessageBatch batch, string? peer, string? why)
    {
        var now = TimeProvider.System.GetTimestamp();
        lock (_lock) _seen.Add(new Seen(component, side, [.. batch], why, now));
    }

    /// <summary>How much there is.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _seen.Count;
        }
    }

    /// <summary>What has been kept since the last time.</summary>
    public IReadOnlyList<Seen> Take()
    {
        lock (_lock)
        {
            var taken = _seen.ToArray();
            _seen.Clear();
            return taken;
        }
    }

    /// <summary>Messages that passed.</summary>
    /// <param name="Component">The component's full name.</param>
    /// <param name="Side">Which side of it.</param>
    /// <param name="Messages">They.</param>
    /// <param name="Why">Why they were dropped, or failed.</param>
    /// <param name="At">When, as a timestamp of the real clock.</param>
    public sealed record Seen(string Component, TapSide Side, IReadOnlyList<Message> Messages, string? Why, long At);
}
