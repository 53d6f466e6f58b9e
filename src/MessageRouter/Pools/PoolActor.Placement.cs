using Akka.Actor;
using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Mailboxes;

namespace MessageRouter.Pools;

/// <content>A pool of which this node has as many copies as the cluster says, which may be none.</content>
internal sealed partial class PoolActor
{
    /// <summary>How long the last copy of a node that is to have none waits for what may still be on its way.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>After how long it is tried again where a copy could not be started.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private IPlacement? _placement;
    private int _share;
    private long _dealtWith;

    private void Place(PlacementOptions options)
    {
        var self = Self;
        _placement = Cell.Placements!.Join(Name, options, copies => self.Tell(new Share(copies)));
        _noneLeft = true;
        Cell.Mailbox.Resume(PauseReasons.Busy);
    }

    private void HandleSettled()
    {
        if (!Cell.Draining && !Ended) TakeShare();
    }

    private bool HandlePlacement(object message)
    {
        switch (message)
        {
            case Share share when !Cell.Draining && !Ended:
                (_share, _dealtWith) = (share.Copies, -1);
                TakeShare();
                return true;
            case PlaceBy place:
                _placement?.Change(place.Options);
                return true;
            case Status.Failure failure when _placement is not null:
                PoolLog.ShareNotStarted(Logger, _share, failure.Cause.GetBaseException().Message, (int)Again.TotalSeconds);
                Timers.StartSingleTimer(Settled.Instance, Settled.Instance, Again);
                return true;
            case Share or Resize.Done:
                return true;
            default:
                return false;
        }
    }

    /// <summary>Has there be as many copies as the cluster says; the last one goes when nothing has come for a while.</summary>
    private void TakeShare()
    {
        var last = _share == 0 && _pool.Size > 0;
        var isQuiet = last && _pool.Size == 1 && _dealtWith == Cell.Counts.In.Value && Cell.Mailbox.IsEmpty && _pool.Copies.All(copy => copy.Load == 0);
        _dealtWith = Cell.Counts.In.Value;
        var size = last && !isQuiet ? 1 : _share;
        if (size != _pool.Size) Self.Tell(new Resize(size));
        if (last && !isQuiet) Timers.StartSingleTimer(Settled.Instance, Settled.Instance, Rest);
    }

    /// <summary>There is something for a pool that has no copies: it was under way when the node still had some.</summary>
    private void Wake()
    {
        Cell.Mailbox.Pause(PauseReasons.Busy);
        Self.Tell(new Resize(1));
        if (!Cell.Draining) Timers.StartSingleTimer(Settled.Instance, Settled.Instance, Rest);
    }

    private void SayHowMany() => _placement?.Say(_pool.Copies.Count(copy => copy.State is not (PoolCopyState.Ended or PoolCopyState.Stopped)));

    /// <summary>Tells that a reload has other options.</summary>
    internal sealed record PlaceBy(PlacementOptions Options);

    private sealed record Share(int Copies) : IDeadLetterSuppression;

    /// <summary>Has it look again whether it has as many as it is to have.</summary>
    private sealed class Settled : IDeadLetterSuppression
    {
        public static readonly Settled Instance = new();
    }
}
