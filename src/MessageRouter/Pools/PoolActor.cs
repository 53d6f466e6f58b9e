using System.Globalization;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;

namespace MessageRouter.Pools;

/// <summary>
/// Stands in the place of a filter of which there are several copies: divides its messages among them, supervises them,
/// and changes their number. Messages stay those of the edges over which they came to the pool, so that a copy's mailbox
/// is only another part of the pool's.
/// </summary>
internal sealed partial class PoolActor : ComponentActor
{
    /// <summary>How long a resize may take before the log says what it waits for.</summary>
    private static readonly TimeSpan ResizePatience = TimeSpan.FromSeconds(5);

    private readonly ComponentActivator _activator;
    private readonly Pool _pool;
    private readonly Division _division;
    private readonly Resizing _resizing;
    private readonly List<PoolCopy> _full = [];
    private readonly Action _hasRoom;
    private IReadOnlyList<PoolCopy> _losing = [];
    private bool _noneLeft;

    public PoolActor(ComponentActivator activator)
    {
        _activator = activator;
        _pool = Cell.Pool!;
        _pool.Actor = Self;
        _division = (Cell.Definition.Route ?? PoolRoute.RoundRobin).Division();
        _resizing = new Resizing(_pool, StartCopy, Release, Logger);
        _hasRoom = () => Cell.Mailbox.Resume(PauseReasons.Downstream);
        Receive<Settled>(_ => HandleSettled());
        Receive<Resizing.Request>(request => _resizing.Explain(request, _losing));
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new ComponentSupervision(ComponentCells.Of(Context.System), HandleFailed);

    protected override void Open()
    {
        Cell.Mailbox.Pause(PauseReasons.Busy);
        for (var number = 1; number <= _pool.Size; number++) StartCopy(number);
        if (Cell.Definition.Placement is { } placement) Place(placement);
    }

    protected override void PostStop()
    {
        _placement?.Dispose();
        _resizing.GiveUp(Name);
    }

    private protected override void Handle(Delivery delivery)
    {
        if (_noneLeft)
        {
            PutBack([delivery]);
            if (_pool.Size == 0) Wake();
            else TakeInAll();
            return;
        }
        _full.Clear();
        lock (Cell.Books)
        {
            if (Cell.IsAbandoned) return;
            var rest = _division.Divide(delivery, _full).ToList();
            Cell.Counts.Held.Remove(delivery.Batch.Count - rest.Sum(left => left.Batch.Count));
            if (_full.Count == 0) return;

            // In this order: room may come up at once.
            Cell.Mailbox.Return(rest);
        }
        Cell.Mailbox.Pause(PauseReasons.Downstream);
        foreach (var copy in _full) copy.Cell.Mailbox.CallWhenRoom(_hasRoom);
    }

    private protected override bool HandleControl(object message)
    {
        switch (message)
        {
            case PoolCopy.Changed changed:
                if (!HandleChanged(changed)) return true;
                break;
            case PoolCopy.Quiet quiet:
                quiet.Copy.Accept(quiet);
                if (quiet.Copy is { State: PoolCopyState.Ending, IsQuiet: true }) Context.Stop(quiet.Copy.Actor);
                break;
            case Terminated terminated:
                HandleTerminated(_pool.Copies.First(copy => copy.Actor.Equals(terminated.ActorRef)));
                break;
            case Resize resize:
                var request = _resizing.Add(Sender, resize, Cell);
                Timers.StartSingleTimer(request, request, ResizePatience);
                break;
            default:
                if (!HandlePlacement(message)) return false;
                break;
        }
        while (_resizing.Go(Rebalance(), Cell))
        {
        }
        SayHowMany();
        return true;
    }

    private protected override void HandleEnd()
    {
        foreach (var copy in _pool.Copies)
        {
            if (copy.State == PoolCopyState.Running) copy.Complete();
            else copy.Ask();
        }
    }

    private protected override void HandleDraining()
    {
        _placement?.Leave();
        foreach (var copy in _pool.Copies.Where(copy => copy.State != PoolCopyState.SetAside)) copy.Actor.Tell(new NodeDrains());
        Rebalance();
    }

    private protected override bool IsDrained =>
        Cell.Mailbox.IsEmpty && _pool.Copies.All(copy => copy.IsQuiet);

    /// <remarks>When the pool ends, its copies have ended already.</remarks>
    private protected override IEnumerable<Delivery> TakeUnfinished() => TakeFrom(_pool.Copies);

    /// <summary>What waits for copies goes back to the mailbox, by way of what the pool holds.</summary>
    private void TakeBack(IEnumerable<PoolCopy> copies)
    {
        lock (Cell.Books)
        {
            // Where somebody else has counted what the pool holds, he does that of the copies too.
            if (!Cell.IsAbandoned) PutBack(TakeFrom(copies));
        }
    }

    private List<Delivery> TakeFrom(IEnumerable<PoolCopy> copies)
    {
        var taken = new List<Delivery>();
        foreach (var copy in copies)
        {
            foreach (var delivery in copy.Cell.Mailbox.TakeAll())
            {
                copy.Cell.Counts.GivenBack.Add(delivery.Batch.Count);
                Cell.Counts.Held.Add(delivery.Batch);
                taken.Add(delivery);
            }
        }
        return taken;
    }

    private void StartCopy(int number)
    {
        var copy = _pool.Copy(number);
        copy.Prepare(Self);
        var name = number.ToString(CultureInfo.InvariantCulture);
        _activator.Start(Context, name, copy.Cell);
        copy.Attach(Context.Watch(Context.Child(name)));
    }

    /// <summary>Has a surplus copy finish what it has, and end.</summary>
    private void Release(PoolCopy copy)
    {
        var before = copy.State;
        if (before is PoolCopyState.Stopped or PoolCopyState.Ended)
        {
            copy.State = PoolCopyState.Ended;
            return;
        }
        copy.State = PoolCopyState.Ending;
        if (before == PoolCopyState.Running) copy.Complete();
        else Context.Stop(copy.Actor);
    }

    /// <summary>Called by the supervision when it has decided on a copy's failure; from then on the copy gets nothing more.</summary>
    private void HandleFailed(ComponentCell cell)
    {
        var copy = cell.Copy!;
        if (copy.State != PoolCopyState.Running) return;
        if (cell.StoppedByFailure) copy.State = PoolCopyState.Failed;
        else if (cell.Restarts.IsExhausted) copy.State = PoolCopyState.SetAside;
        else return;
        Rebalance();
    }

    /// <returns>False where nothing follows from it.</returns>
    private bool HandleChanged(PoolCopy.Changed changed)
    {
        // What it said before it failed again is not so any more.
        var copy = changed.Copy;
        if (changed.Restarts != copy.Cell.Counts.Restarts.Value) return false;

        switch (copy.State)
        {
            case PoolCopyState.Starting when changed.IsOpen:
                TakeIn(copy);

                // The table is made once for all that start.
                return _pool.Copies.All(other => other.State != PoolCopyState.Starting);
            case PoolCopyState.SetAside when changed.IsOpen:
                PoolLog.TakenBack(copy.Cell.Logger);
                TakeIn(copy);
                return true;
            case PoolCopyState.SetAside:
                TakeBack([copy]);
                return true;
            case PoolCopyState.Ending when copy.Cell.Restarts.IsExhausted:
                Context.Stop(copy.Actor);
                return true;
            default:
                return false;
        }
    }

    private void TakeIn(PoolCopy copy)
    {
        copy.State = PoolCopyState.Running;
        if (Ended) copy.Complete();
    }

    /// <summary>Has those that are set aside go on, since the node stops and waits for none of them; they open with their next message.</summary>
    private void TakeInAll()
    {
        foreach (var copy in _pool.Copies.Where(copy => copy.State == PoolCopyState.SetAside))
        {
            copy.Cell.Restarts.IsLast = true;
            copy.Actor.Tell(new NodeDrains());
            TakeIn(copy);
        }
        Rebalance();
    }

    private void HandleTerminated(PoolCopy copy)
    {
        TakeBack([copy]);
        copy.Detach();
        if (copy.State == PoolCopyState.Starting) _resizing.Fail(copy);
        var hasEnded = copy.State == PoolCopyState.Ending || (copy.State == PoolCopyState.Starting && !_resizing.IsStartedAgain(copy));
        copy.State = hasEnded ? PoolCopyState.Ended : PoolCopyState.Stopped;

        var left = _pool.Copies.Where(other => other.State != PoolCopyState.Ended).ToList();
        if (left.Count == 0 || left.Any(other => other.State != PoolCopyState.Stopped)) return;
        Cell.StoppedByFailure = true;
        if (left.Any(other => other.Cell.Restarts.IsOver)) Cell.GiveUpAtTheEnd();
        PoolLog.AllStopped(Logger);
        Context.Stop(Self);
    }

    /// <summary>
    /// Has the messages divided among the copies that are at work now. Where that moves keys from one to another, the
    /// pool holds its messages until those who lose keys have let go of everything.
    /// </summary>
    /// <returns>Whether it is so already.</returns>
    private bool Rebalance()
    {
        var copies = _pool.Copies.Where(copy => copy.State == PoolCopyState.Running).ToArray();
        var isAnySetAside = copies.Length == 0 && _pool.Copies.Any(copy => copy.State == PoolCopyState.SetAside);
        if (isAnySetAside && !_noneLeft && !Cell.Draining) PoolLog.NoneLeft(Logger);
        _noneLeft = copies.Length == 0;
        _losing = [];
        if (_noneLeft)
        {
            // A node that stops takes those back as soon as there is something for them.
            if ((isAnySetAside && Cell.Draining) || _pool.Size == 0) Cell.Mailbox.Resume(PauseReasons.Busy);
            else Cell.Mailbox.Pause(PauseReasons.Busy);
            return true;
        }

        if (!copies.SequenceEqual(_division.Copies))
        {
            _losing = _division.Losing(copies).Where(copy => !copy.IsQuiet).ToList();
            if (_losing.Count > 0)
            {
                Cell.Mailbox.Pause(PauseReasons.Busy);
                foreach (var copy in _losing) copy.Ask();
                return false;
            }
            _division.Use(copies);
            Cell.Mailbox.Resume(PauseReasons.Downstream);
        }
        Cell.Mailbox.Resume(PauseReasons.Busy);
        return true;
    }
}
