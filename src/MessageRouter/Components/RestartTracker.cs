using Akka.Actor;

namespace MessageRouter.Components;

/// <summary>Decides, by the supervision policy, what a component's failure leads to and how long its restart waits.</summary>
/// <param name="policy">The block's policy.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="goesOn">After too many restarts it does not end but waits for the longest pause, <see cref="IsExhausted"/> meanwhile.</param>
internal sealed class RestartTracker(SupervisionOptions policy, TimeProvider clock, bool goesOn = false)
{
    /// <summary>How often, at most, one is tried in a node that stops that can deal with no message any more; nothing pauses then.</summary>
    private const int LastTries = 10;

    private readonly Queue<long> _fruitless = new();
    private int _streak;
    private int _idle;
    private long _failedBefore;

    /// <summary>The block's policy, which a reload may change.</summary>
    public SupervisionOptions Policy { get; set; } = policy;

    /// <summary>The pause before the restart that was decided last.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Set by the component, cleared by a failure: messages were dealt with since.</summary>
    public bool Progressed { get; set; } = true;

    /// <summary>How many fruitless restarts there were, one after the other.</summary>
    public int InSuccession => _streak;

    /// <summary>Whether the failure that was decided last was one more than the policy allows.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Whether nobody could take its messages over, so that in a node that stops it is not to wait with them.</summary>
    public bool IsLast { get; set; } = !goesOn;

    /// <summary>Whether it was decided last to stop only because the node stops.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Decides what a failure leads to.</summary>
    /// <param name="mustReopen">The instance cannot go on, whatever the policy says: what it had opened has failed.</param>
    /// <param name="draining">The node stops and waits for nothing. Messages that fail are gone, so that their number is the limit; one that can deal with none of them is tried at once, and a few times at most.</param>
    /// <param name="failed">How many messages have failed up to now.</param>
    public Directive Decide(bool mustReopen = false, bool draining = false, long failed = 0)
    {
        _idle = Progressed || failed > _failedBefore ? 0 : _idle + 1;
        _failedBefore = failed;
        IsExhausted = false;
        if (Policy.OnError == OnError.Resume && !mustReopen) return Directive.Resume;
        if (Policy.OnError == OnError.Stop) return Directive.Stop;
        if (!draining) return Restart();

        IsOver = _idle > Math.Min(Policy.MaxRestarts, LastTries);
        if (IsOver) return Directive.Stop;
        if (!IsLast) Restart();
        if (!IsExhausted) Delay = TimeSpan.Zero;
        Progressed = false;
        return Directive.Restart;
    }

    private Directive Restart()
    {
        if (Progressed)
        {
            Progressed = false;
            _streak = 0;
            _fruitless.Clear();
            Delay = TimeSpan.Zero;
            return Directive.Restart;
        }

        var now = clock.GetTimestamp();
        _fruitless.Enqueue(now);
        while (Policy.Within != Timeout.InfiniteTimeSpan && clock.GetElapsedTime(_fruitless.Peek(), now) > Policy.Within) _fruitless.Dequeue();
        if (_fruitless.Count > Policy.MaxRestarts)
        {
            if (!goesOn) return Directive.Stop;
            _fruitless.Dequeue();
            IsExhausted = true;
            Delay = Policy.MaxBackoff;
            return Directive.Restart;
        }

        Delay = Policy.Doubled(Policy.MinBackoff, _streak++);
        return Directive.Restart;
    }
}
