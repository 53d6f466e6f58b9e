using Akka.Actor;

namespace MessageRouter.Components;

/// <summary>Decides, by the supervision policy, what a component's failure leads to and how long its restart waits.</summary>
internal sealed class RestartTracker(SupervisionOptions policy, TimeProvider clock)
{
    private readonly Queue<DateTimeOffset> _fruitless = new();
    private int _streak;

    /// <summary>The pause before the restart that was decided last.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Set by the component, cleared by a failure: messages were dealt with since.</summary>
    public bool Progressed { get; set; } = true;

    /// <param name="mustReopen">The instance cannot go on, whatever the policy says: what it had opened has failed.</param>
    public Directive Decide(bool mustReopen = false)
    {
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
        while (now - _fruitless.Peek() > policy.Within) _fruitless.Dequeue();
        if (_fruitless.Count > policy.MaxRestarts) return Directive.Stop;

        // Compared by division, because the product can be too long for a TimeSpan.
        var factor = 1L << Math.Min(_streak++, 30);
        Delay = policy.MinBackoff < policy.MaxBackoff / factor ? policy.MinBackoff * factor : policy.MaxBackoff;
        return Directive.Restart;
    }
}
