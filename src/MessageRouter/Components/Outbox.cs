using MessageRouter.Ledger;
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
    private volatile Edge[] _edges = [];
    private volatile Edge[] _left = [];
    private int _blocked;

    /// <summary>The edges to the targets, and those to former ones that still keep messages.</summary>
    public IReadOnlyList<Edge> Edges => _left is { Length: > 0 } left ? [.. _edges, .. left.Where(edge => edge.Waiting.Value > 0)] : _edges;

    /// <summary>All edges that there ever were; each goes on with its counts when its target becomes one again.</summary>
    public IReadOnlyList<Edge> AllEdges => [.. _edges, .. _left];

    /// <summary>What was sent, each message once however many targets there are.</summary>
    public Counter Sent { get; } = new();

    /// <summary>Called on any thread when nothing is kept back any more.</summary>
    public Action? Emptied { get; set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _blocked == 0;
        }
    }

    /// <summary>Sends over these edges from now on; once the component's actor has started, with its <see cref="ComponentCell.Books"/> held.</summary>
    public void Connect(IEnumerable<Edge> edges)
    {
        var now = edges.ToArray();
        foreach (var edge in now)
        {
            edge.Blocked = OnBlocked;
            edge.SetConnected(true);
        }
        var left = AllEdges.Except(now).ToArray();
        foreach (var edge in left) edge.SetConnected(false);
        _left = left;
        _edges = now;
    }

    /// <param name="batch">The messages.</param>
    /// <param name="unpaused">Whether they are sent without regard to what is kept back, as <see cref="Edge.Send"/> has it.</param>
    public void Send(MessageBatch batch, bool unpaused = false)
    {
        own.Counts.Tap.Saw(TapSide.Out, batch);
        Sent.Add(batch.Count);
        var edges = _edges;
        if (edges.Length > 1) batch.Branch(edges.Length - 1);
        foreach (var edge in edges) edge.Send(batch, unpaused);
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
