using Akka.Actor;

namespace MessageRouter.Components;

/// <summary>Decides, by the supervision policy, what a component's failure leads to and how long its restart waits.</summary>
/// <param name="policy">The block's policy.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="goesOn">After too many restarts it does not end but waits for the longest pause, <see cref="IsExhausted"/> meanwhile.</param>
internal sealed class RestartTracker(SupervisionOptions policy, TimeProvider clock, bool goesOn = false)
{
    private readonly Queue<DateTimeOffset> _fruitless = new();
    private int _streak;

    /// <summary>The pause before the restart that was decided last.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Set by the component, cleared by a failure: messages were dealt with since.</summary>
    public bool Progressed { get; set; } = true;

    /// <summary>Whether the failure that was decided last was one more than the policy allows.</summary>
    public bool IsExhausted { get; private set; }

    /// <param name="mustReopen">The instance cannot go on, whatever the policy says: what it had opened has failed.</param>
    public Directive Decide(bool mustReopen = false)
    {
        IsExhausted = false;
        if (policy.OnError == OnError.Resume && !mustReopen) return Directive.Resume;
        if (policy.OnError == OnError.Stop) return Directive.Stop;

        if (Progressed)
        {
            Progressed = false;
            _streak = 0;
            _fruitless.Clear();
            Delay = TimeSpan.Zero;
            return Directive.Restart;
        }

        var now = clock.GetUtcNow();
        _fruitless.Enqueue(now);
        while (policy.Within != Timeout.InfiniteTimeSpan && now - _fruitless.Peek() > policy.Within) _fruitless.Dequeue();
        if (_fruitless.Count > policy.MaxRestarts)
        {
            if (!goesOn) return Directive.Stop;
            _fruitless.Dequeue();
            IsExhausted = true;
            Delay = policy.MaxBackoff;
            return Directive.Restart;
        }

        Delay = policy.Doubled(policy.MinBackoff, _streak++);
        return Directive.Restart;
    }
}
