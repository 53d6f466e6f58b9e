namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Whether the others may have given to somebody else what they have agreed that this node has: they may where it has stood still, where they have taken it to be gone, and where it has been out of touch with half of them for
/// so long that they are about to. Callable from any thread.
/// </summary>
/// <param name="awake">Which time it is that the process runs without a long pause; negative where it may not.</param>
/// <param name="clock">The node's clock.</param>
internal sealed class Standing(Func<long> awake, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _times;
    private long? _outSince;

    /// <summary>The others have taken it to be gone: it is not one of them again before another part of it has joined.</summary>
    private bool _isGone;
    private bool _isLost;
    private volatile bool _isInTouch;

    /// <summary>For how long it may be out of touch: less than the others wait, by more than they notice it sooner.</summary>
    public TimeSpan Patience { get; set; }

    /// <summary>
    /// How many others each node watches. One that is cut off misses as many at first, and more only one after the other: so who misses as many may be cut off, however many nodes there are, and is taken to be.
    /// </summary>
    public int Watched { get; set; } = 9;

    /// <summary>Whether more than half of the nodes answer, all but a few, and none of them has taken this one to be gone.</summary>
    public bool IsInTouch => _isInTouch;

    /// <summary>Which time it is that what was agreed on counts; negative where it may not. Never the same again after it was negative.</summary>
    public long Period
    {
        get
        {
            // What it asks may have locks of its own.
            var period = awake();
            lock (_lock) return period >= 0 && !IsLost ? period + _times : -1;
        }
    }

    private bool IsLost => _isGone || _isLost || (_outSince is { } since && clock.GetElapsedTime(since) > Patience);

    /// <summary>What is known of the nodes.</summary>
    public void Set(IReadOnlyList<KnownMember> members)
    {
        var counted = members.Where(member => member.Line.State is "up" or "leaving").ToList();
        var isCounted = counted.Any(member => member.Line.IsSelf);
        var silent = counted.Count(member => !member.Line.IsReachable);
        lock (_lock)
        {
            _isGone |= members.Any(member => member.Line is { IsSelf: true, State: "down" });
            var isInTouch = !_isGone && isCounted && silent * 2 < counted.Count && silent < Watched;
            if (isInTouch)
            {
                if (IsLost) _times++;
                (_outSince, _isLost) = (null, false);
            }
            else if (_isInTouch || isCounted)
            {
                _outSince ??= clock.GetTimestamp();
            }
            _isInTouch = isInTouch;
        }
    }

    /// <summary>The others have taken it to be gone.</summary>
    public void End()
    {
        lock (_lock) (_isGone, _isInTouch) = (true, false);
    }

    /// <summary>It is to join anew.</summary>
    public void Forget()
    {
        lock (_lock) (_isGone, _isLost, _isInTouch) = (false, true, false);
    }
}
