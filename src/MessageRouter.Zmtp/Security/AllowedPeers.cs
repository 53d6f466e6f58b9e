namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Those who may connect. Files and folders are followed as long as a socket is open that has them: who is taken off loses his connections within a second, and who is added may connect at once. What
/// cannot be used changes nothing, and holds up nothing else.
/// </summary>
public abstract class AllowedPeers
{
    private readonly Lock _lock = new();
    private Action? _removed;

    private protected AllowedPeers()
    {
    }

    /// <summary>Raised after something else is in force, or <see cref="Problems"/> has changed, on any thread. Handlers must be quick, and what they throw is ignored.</summary>
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

    /// <summary>Raised after something is other than it was.</summary>
    internal event Action<ListChange>? Edited;

    /// <summary>Whether files are looked at, so that <see cref="Problems"/> are those of now.</summary>
    internal bool IsFollowed
    {
        get
        {
            lock (_lock) return _removed is not null;
        }
    }

    /// <summary>Has files be looked at by another clock; before anybody listens.</summary>
    internal virtual void Use(TimeProvider clock)
    {
    }

    /// <summary>Whether a peer that was let in still would be.</summary>
    internal abstract bool StillAllows(PeerIdentity peer);

    private protected virtual void Watch()
    {
    }

    private protected virtual void Leave()
    {
    }

    private protected void TellEdited(ListChange change)
    {
        if (change.Revokes) TellRemoved();
        if (!change.IsNone) Edited?.Invoke(change);
        TellChanged();
    }

    private protected void TellRemoved() => _removed?.Invoke();

    private protected void TellChanged()
    {
        try
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
        catch (Exception)
        {
            // As documented: it may be a timer that tells, where it would end the process.
        }
    }
}
