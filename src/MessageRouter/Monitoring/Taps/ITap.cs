namespace MessageRouter.Monitoring.Taps;

/// <summary>Who looks at messages where they pass a component.</summary>
internal interface ITap
{
    /// <summary>Shows it messages, on the thread of who routes them: it must not wait.</summary>
    /// <param name="component">The component's full name, of a copy that of its pool.</param>
    /// <param name="side">Which side of it they pass.</param>
    /// <param name="batch">The messages.</param>
    /// <param name="peer">Who they come from, or go to; null where that is not known, or many.</param>
    /// <param name="why">Why they are dropped, or failed.</param>
    void Offer(string component, TapSide side, MessageBatch batch, string? peer, string? why);
}
