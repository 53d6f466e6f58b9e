namespace MessageRouter.Zmtp;

/// <summary>
/// A prefix of a subscriber that another one of it makes needless, since it begins with that, or that makes others needless. Who takes and leaves is one step, however many there are.
/// </summary>
internal sealed class Cover(PrefixNode node)
{
    private Cover? _first;
    private Cover? _next;
    private Cover? _previous;

    public PrefixNode Node => node;

    /// <summary>The one that makes it needless; null where none does.</summary>
    public Cover? By { get; private set; }

    /// <summary>One of those that it makes needless; null where there are none.</summary>
    public Cover? First => _first;

    /// <summary>Whether there is nothing to know of it.</summary>
    public bool IsIdle => By is null && _first is null;

    public void Take(Cover covered)
    {
        covered.By = this;
        covered._next = _first;
        if (_first is not null) _first._previous = covered;
        _first = covered;
    }

    /// <summary>Nothing makes it needless any more.</summary>
    public void Leave()
    {
        if (_previous is not null) _previous._next = _next;
        else By!._first = _next;
        if (_next is not null) _next._previous = _previous;
        By = _next = _previous = null;
    }
}
