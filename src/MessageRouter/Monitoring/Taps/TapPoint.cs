namespace MessageRouter.Monitoring.Taps;

/// <summary>The place at a component where taps are put on. As long as there is none, it costs the messages that pass one look at a field a batch.</summary>
internal sealed class TapPoint
{
    private readonly Lock _lock = new();
    private volatile Tapped[]? _taps;

    /// <summary>Whether anybody looks.</summary>
    public bool IsWatched => _taps is not null;

    /// <summary>Shows messages to whoever looks. Callable from any thread; it never waits.</summary>
    /// <param name="side">Which side they pass.</param>
    /// <param name="batch">The messages.</param>
    /// <param name="peer">Who they come from, or go to; null where that is not known, or many.</param>
    /// <param name="why">Why they are dropped, or failed.</param>
    public void Saw(TapSide side, MessageBatch batch, string? peer = null, string? why = null)
    {
        if (_taps is not { } taps) return;
        foreach (var tapped in taps)
        {
            if ((tapped.Sides & side) != 0) tapped.Tap.Offer(tapped.Component, side, batch, peer, why);
        }
    }

    /// <summary>Puts a tap on.</summary>
    /// <param name="tap">It.</param>
    /// <param name="component">The component's name, for what it shows.</param>
    /// <param name="sides">What it is to be shown.</param>
    public void Add(ITap tap, string component, TapSide sides)
    {
        lock (_lock) _taps = [.. _taps ?? [], new Tapped(tap, component, sides)];
    }

    public void Remove(ITap tap)
    {
        lock (_lock)
        {
            var left = (_taps ?? []).Where(tapped => tapped.Tap != tap).ToArray();
            _taps = left.Length > 0 ? left : null;
        }
    }

    private sealed record Tapped(ITap Tap, string Component, TapSide Sides);
}
