using MessageRouter.Monitoring;

namespace MessageRouter.Control.Listening;

/// <summary>Counts those who look at a node.</summary>
/// <param name="listeners">Where they come from; none in a host that has a server of its own.</param>
internal sealed class Watchers(IReadOnlyList<ControlListener> listeners)
{
    private long _cutOff;

    public WatcherStatus Status => new(listeners.Sum(listener => listener.Open), listeners.Sum(listener => listener.Refused), Interlocked.Read(ref _cutOff));

    /// <summary>One has not read what was sent to it.</summary>
    public void CutOff() => Interlocked.Increment(ref _cutOff);
}
