namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Those who may connect. Files and folders are followed as long as a socket is open that has them: who is taken off loses his connections within a second, and who is added may connect at once. A change
/// that cannot be used changes nothing.
/// </summary>
public abstract class AllowedPeers
{
    private readonly Lock _lock = new();
    private Action? _removed;

    private protected AllowedPeers()
    {
    }

    /// <summary>Raised after something else is in force, or <see cref="Problems"/> has changed, on any thread.</summary>
    public event EventHandler? Changed;

    /// <summary>Why what the files say now is not in force, each as a sentence with what to do about it; none where it is.</summary>
    public virtual IReadOnlyList<string> Problems => [];

    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>Raised after some have been taken off, on any thread; while anybody listens files are looked at.</summary>
    internal event Action? Removed
    {
        add
        {
            lock (_lock)
            {
                var first = _removed is null;
                _removed += value;
                if (first) Watch();
            }
        }
        remove
        {
            lock (_lock)
            {
                _removed -= value;
                if (_removed is null) Leave();
            }
        }
    }

    /// <summary>Raised after some were added or removed, with how many.</summary>
    internal event Action<int, int>? Edited;

    /// <summary>Has files be looked at by another clock; before anybody listens.</summary>
    internal virtual void Use(TimeProvider clock)
    {
    }

    private protected virtual void Watch()
    {
    }

    private protected virtual void Leave()
    {
    }

    private protected void TellEdited(int added, int removed)
    {
        if (removed > 0) _removed?.Invoke();
        Edited?.Invoke(added, removed);
        TellChanged();
    }

    private protected void TellChanged() => Changed?.Invoke(this, EventArgs.Empty);
}
