using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Singletons;

/// <summary>
/// One component's part in being a singleton. It is a candidate by a number, which it keeps as long as it may be at work by it: another one may be the singleton only when that number is gone.
/// </summary>
internal sealed class SingletonClaim(SingletonRegister register, string name) : ISingletonClaim
{
    /// <summary>No time in which a process runs.</summary>
    private const long Never = -2;

    private readonly Lock _lock = new();
    private Action _changed = () => { };
    private long _number;
    private long _awake;
    private bool _isDisposed;

    public SingletonCandidate Candidate
    {
        get
        {
            lock (_lock) return new SingletonCandidate(name, _number);
        }
    }

    public bool IsHeld => register.IsInTouch() && Counts && Volatile.Read(ref _number) is not 0 and var number && register.HolderOf(name) == number;

    public bool Counts => register.Awake() == Volatile.Read(ref _awake);

    public void Begin(Action changed)
    {
        lock (_lock) _changed = changed;
        TakeNumber();
    }

    public void HasClosed()
    {
        if (!Counts) TakeNumber();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            (_isDisposed, _number) = (true, 0);
        }
        register.Changed(this, isGone: true);
    }

    /// <summary>The others may have another one in its place: it asks anew when it has closed.</summary>
    public void Forget() => Volatile.Write(ref _awake, Never);

    /// <summary>Something may have changed.</summary>
    public void Look()
    {
        Action changed;
        lock (_lock) changed = _changed;
        changed();
    }

    private void TakeNumber()
    {
        if (register.Awake() is not (>= 0 and var awake)) return;
        lock (_lock)
        {
            if (_isDisposed) return;
            (_awake, _number) = (awake, Random.Shared.NextInt64(1, long.MaxValue));
        }
        register.Changed(this, isGone: false);
    }
}
