using MessageRouter.Mailboxes;
using MessageRouter.Monitoring.Taps;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Ledger;

/// <summary>What one component did with its messages. Every message that came in ends in exactly one of the counts.</summary>
internal sealed class ComponentCounts
{
    /// <param name="memory">The node's, of which it is part what waits for the component.</param>
    /// <param name="tap">Where its messages are looked at: of a copy that is its pool's.</param>
    public ComponentCounts(NodeMemory? memory = null, TapPoint? tap = null)
    {
        Memory = memory ?? new NodeMemory();
        Tap = tap ?? new TapPoint();
        Held = new Stock(Memory);
    }

    public NodeMemory Memory { get; }

    /// <summary>Where its messages are looked at.</summary>
    public TapPoint Tap { get; }

    /// <summary>Offered to the component, whether its mailbox took it or not.</summary>
    public Counter In { get; } = new();

    /// <summary>Made by the component itself.</summary>
    public Counter Created { get; } = new();

    /// <summary>Passed on, once however many targets there are; of an output: delivered.</summary>
    public Counter Out { get; } = new();

    /// <summary>A filter decided not to pass it on.</summary>
    public Counter Filtered { get; } = new();

    /// <summary>A component threw on it; it is in the error chain.</summary>
    public Counter Failed { get; } = new();

    public DropCounters Dropped { get; } = new();

    /// <summary>Of a pool's copy: dropped while they waited for it. It is the pool that has them in its counts.</summary>
    public DropCounters LostForOthers { get; } = new();

    /// <summary>Of a pool's copy: what it was given and did not get to, which has gone to others.</summary>
    public Counter GivenBack { get; } = new();

    /// <summary>Peers that were refused or ended by a rule, by the rule; null for what has no peers.</summary>
    public RefusalCounts? Refused { get; private set; }

    /// <summary>Taken from the mailbox and not in any other count yet: in work, delayed, buffered, on its way to a socket.</summary>
    public Stock Held { get; }

    public Counter Restarts { get; } = new();

    /// <summary>What it has found in sequences that applications write; null for what looks for none.</summary>
    public GapCounts? Gaps { get; set; }

    /// <summary>The component has peers: counts those that are refused.</summary>
    public RefusalCounts CountRefusals() => Refused ??= new RefusalCounts();

    /// <summary>Goes on with what an earlier component of the same name has counted.</summary>
    public void GoOn(ComponentCounts earlier)
    {
        In.Add(earlier.In.Value);
        if (earlier.Refused is { } refused) CountRefusals().Add(refused);
        Add(earlier);
    }

    /// <summary>Goes on with what a copy has counted that is no more; what came in, the copy's pool has counted.</summary>
    public void Add(ComponentCounts copy)
    {
        Created.Add(copy.Created.Value);
        Out.Add(copy.Out.Value);
        Filtered.Add(copy.Filtered.Value);
        Failed.Add(copy.Failed.Value);
        Restarts.Add(copy.Restarts.Value);
        if (copy.Gaps is { } gaps) (Gaps ??= new GapCounts()).Add(gaps);
        foreach (var (reason, count) in copy.Dropped.Snapshot()) Dropped.Add(reason, count);
    }
}
