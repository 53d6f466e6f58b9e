namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Whether the others may have given to somebody else what they have agreed that this node has: they may where it has stood still, where they have taken it to be gone, and where it has been out of touch with half of them for
/// so long that they are about to. Callable from any thread.
/// </summary>
/// <param name="awake">Which time it is that the process runs without a long pause; negative where it may not.</param>
/// <param name="patience">For how long it may be out of touch: less than the others wait, by more than they notice it sooner.</param>
/// <param name="clock">The node's clock.</param>
internal sealed class Standing(Func<long> awake, TimeSpan patience, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _times;
    private long? _outSince;
    private bool _isGone;
    private volatile bool _isInTouch;

    /// <summary>Whether more than half of the nodes answer, and none of them has taken this one to be gone.</summary>
    public bool IsInTouch => _isInTouch;

    /// <summary>Which time it is that what was agreed on counts; negative where it may not. Never the same again after it was negative.</summary>
    public long Period
    {
        get
        {
            lock (_lock) return awake() is >= 0 and var period && !IsLost ? period + _times : -1;
        }
    }

    private bool IsLost => _isGone || (_outSince is { } since && clock.GetElapsedTime(since) > patience);

    /// <summary>What is known of the nodes.</summary>
    public void Set(IReadOnlyList<KnownMember> members)
    {
        var counted = members.Where(member => member.Line.State is "up" or "leaving").ToList();
        var isInTouch = counted.Any(member => member.Line.IsSelf) && counted.Count(member => member.Line.IsReachable) * 2 > counted.Count;
        lock (_lock)
        {
            if (isInTouch)
            {
                if (IsLost) _times++;
                (_outSince, _isGone) = (null, false);
            }
            else if (_isInTouch)
            {
                _outSince = clock.GetTimestamp();
            }
            _isGone |= members.Any(member => member.Line is { IsSelf: true, State: "down" });
            _isInTouch = isInTouch;
        }
    }

    /// <summary>This node is not one of the others any more.</summary>
    public void Forget()
    {
        lock (_lock) (_isGone, _isInTouch) = (true, false);
    }
}
