using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;

namespace MessageRouter.Components;

/// <summary>
/// Sends a component's messages to its targets. While a target that must not lose anything has no room, the
/// component's own mailbox is paused, so that it is held back in turn.
/// </summary>
internal sealed class Outbox(BoundedMailbox own)
{
    private readonly Lock _lock = new();
    private Edge[] _edges = [];
    private int _blocked;

    public IReadOnlyList<Edge> Edges => _edges;

    /// <summary>Called on any thread when nothing is kept back any more.</summary>
    public Action? Emptied { get; set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _blocked == 0;
        }
    }

    public void Connect(IEnumerable<Edge> edges)
    {
        _edges = edges.ToArray();
        foreach (var edge in _edges) edge.Blocked = OnBlocked;
    }

    /// <param name="batch">The messages.</param>
    /// <param name="unpaused">Whether they are sent without regard to what is kept back, as <see cref="Edge.Send"/> has it.</param>
    public void Send(MessageBatch batch, bool unpaused = false)
    {
        own.Counts.Tap.Saw(TapSide.Out, batch);
        if (_edges.Length > 1) batch.Branch(_edges.Length - 1);
        foreach (var edge in _edges) edge.Send(batch, unpaused);
    }

    private void OnBlocked(bool blocked)
    {
        lock (_lock)
        {
            _blocked += blocked ? 1 : -1;
            if (_blocked > 0)
            {
                own.Pause(PauseReasons.Downstream);
                return;
            }
            own.Resume(PauseReasons.Downstream);
        }
        Emptied?.Invoke();
    }
}
