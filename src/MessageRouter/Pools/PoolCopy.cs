using System.Globalization;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Components;
using MessageRouter.Ledger;

namespace MessageRouter.Pools;

/// <summary>
/// One copy of a pooled filter, and what it tells its pool. The pool's actor owns it; what is volatile is read by the
/// copy itself and by the ledger.
/// </summary>
internal sealed class PoolCopy
{
    private volatile IActorRef _pool = ActorRefs.Nobody;
    private volatile bool _isAsked;
    private volatile PoolCopyState _state;
    private long _quietAt;

    public PoolCopy(int number, ComponentCell cell)
    {
        Number = number;
        Cell = cell;
        Rate = new RateMeter(cell.Clock);
        cell.Copy = this;
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    public ComponentCell Cell { get; }

    /// <summary>Of the messages that it has dealt with.</summary>
    public RateMeter Rate { get; }

    public IActorRef Actor { get; private set; } = ActorRefs.Nobody;

    public PoolCopyState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>
    /// Whether it has nothing queued, in work, held, or kept for targets that have no room: what is given to other
    /// copies now cannot overtake anything. Known for copies that were asked, and for those whose actor has ended.
    /// </summary>
    public bool IsQuiet => State switch
    {
        PoolCopyState.Failed => false,
        PoolCopyState.Stopped or PoolCopyState.Ended => Cell.Outbox.IsEmpty,
        _ => _quietAt == Cell.Counts.In.Value,
    };

    /// <summary>Messages that wait for the copy or are in work.</summary>
    public long Load => Cell.Mailbox.Queued + Cell.Counts.Held.Value;

    /// <summary>Gets ready for an actor, the first one or one after the copy had ended.</summary>
    public void Prepare(IActorRef pool)
    {
        if (!Actor.IsNobody()) Cell.Renew();
        _pool = pool;
        _quietAt = Cell.Counts.In.Value;
        State = PoolCopyState.Starting;
    }

    public void Attach(IActorRef actor) => Actor = actor;

    /// <summary>Has the copy say when it is quiet; done with <see cref="Accept"/>.</summary>
    public void Ask()
    {
        _isAsked = true;
        Actor.Tell(ComponentActor.Recheck.Instance);
    }

    /// <summary>No more messages are to come, so that whatever it holds for later has to leave.</summary>
    public void Complete()
    {
        // That it was quiet before says nothing about what it still holds back for the end.
        _quietAt = -1;
        Cell.Mailbox.Complete();
        Ask();
    }

    /// <summary>The actor has ended: from now on only its edges can have messages of it.</summary>
    public void Detach()
    {
        var pool = _pool;
        Cell.Outbox.Emptied = () => pool.Tell(new Quiet(this, -1));
    }

    public void Accept(Quiet quiet)
    {
        _quietAt = quiet.Given;
        if (IsQuiet) _isAsked = false;
    }

    /// <summary>Called by the copy's actor after each message.</summary>
    public void SayWhetherQuiet()
    {
        if (!_isAsked) return;

        // Read first: what is given from now on makes it larger than what is said here.
        var given = Cell.Counts.In.Value;
        if (Cell.Counts.Held.Value == 0 && Cell.Outbox.IsEmpty && Cell.Mailbox.IsEmpty) _pool.Tell(new Quiet(this, given));
    }

    /// <summary>Called by the copy's actor when it waits for its restart, and when it has opened.</summary>
    public void TellState() => _pool.Tell(new Changed(this, Cell.Counts.Restarts.Value, Cell.IsOpen));

    /// <summary>What keeps it from being open, quiet or gone.</summary>
    public string Obstacle()
    {
        var full = Cell.Definition.To.Where((_, index) => Cell.Outbox.Edges[index].Waiting.Value > 0).ToList();
        return State == PoolCopyState.Starting ? "not open yet"
            : full.Count > 0 ? $"no room in {string.Join(", ", full)}"
            : string.Create(CultureInfo.InvariantCulture, $"{Load} messages left");
    }

    public WorkerLine Line() => new(
        Number.ToString(CultureInfo.InvariantCulture), Word(), Cell.Counts.In.Value - Cell.Counts.GivenBack.Value, Cell.Counts.Out.Value, Cell.Queued, Rate.PerSecond,
        Cell.Counts.Restarts.Value, Cell.Counts.Failed.Value, LastError: Cell.LastError, Filtered: Cell.Counts.Filtered.Value)
    {
        Created = Cell.Counts.Created.Value,
        Dropped = DropCounters.Sum([Cell.Counts.Dropped, Cell.Counts.LostForOthers]) is { Count: > 0 } dropped ? dropped : null,
    };

    /// <remarks>At a stop of the node the pool's actor ends with its copies, and hears of their end no more.</remarks>
    private string Word() => State switch
    {
        PoolCopyState.Failed or PoolCopyState.Stopped => "stopped",
        _ when Cell.HasEnded || State == PoolCopyState.Ended => "ended",
        PoolCopyState.SetAside => "set-aside",
        PoolCopyState.Ending => "ending",
        PoolCopyState.Starting => "starting",
        _ when Cell.IsEnding => "ending",
        _ => Cell.IsOpen ? "running" : "restarting",
    };

    /// <summary>The copy waits for a restart, or has opened.</summary>
    /// <param name="Copy">Which one.</param>
    /// <param name="Restarts">How often it had been restarted then.</param>
    /// <param name="IsOpen">Whether it has opened.</param>
    internal sealed record Changed(PoolCopy Copy, long Restarts, bool IsOpen) : IDeadLetterSuppression;

    /// <summary>The copy had dealt with everything when it had been given so many messages.</summary>
    internal sealed record Quiet(PoolCopy Copy, long Given) : IDeadLetterSuppression;
}
