using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Pools;
using MessageRouter.Workers;

namespace MessageRouter.Reloading;

/// <content>How everything becomes what it was.</content>
internal sealed partial class Reloader
{
    /// <returns>For each component that could not be started again as it had been, why.</returns>
    private async Task<IReadOnlyList<ReloadException>> UndoAsync()
    {
        List<ReloadException> notTakenBack = [];
        foreach (var (successor, former) in Enumerable.Reverse(_replacedInTurn))
        {
            // Its definition is the one that it had; nothing else could be taken back, since it has ended.
            var again = topology.Successor(former.Definition, successor, former.Endpoints);
            again.Mailbox.OutlivesActor = true;
            TakeOver(again, successor);
            topology.Swap(again, successor);
            topology.Connect(again);
            await FinishAsync(successor, CancellationToken.None);
            if (successor.Definition.Type.ActorType == former.Definition.Type.ActorType) again.Kept = successor.Kept;

            // What had been stopped before the reload stays so.
            var failure = former.StoppedByFailure ? null : await StartAgainAsync(again);
            if (failure is not null)
            {
                notTakenBack.Add(failure);
                ReloadLog.NotTakenBack(logger, failure.Message);
            }
            // In this order: what the first one keeps goes in front.
            Inherit(again, successor);
            if (successor.Former == former) Inherit(again, former);
            again.BeginWork();
            if (former.StoppedByFailure || failure is not null) again.GiveUp(failure is null ? null : Why(failure));
        }
        foreach (var (block, cell) in _new.Where(pair => !pair.Key.InTurn)) await DiscardAsync(block, cell);
        foreach (var (pool, size) in _resized.Where(resized => resized.Pool.Size != resized.Size)) pool.Actor.Tell(new Resize(size));
        if (_workersAreChanged) router.Tell(new WorkersActor.Change(topology.Definition.Workers, StartsAgain: false));
        topology.Prepare(null);
        return notTakenBack;
    }

    /// <returns>Why it could not be: then it has ended, also where it would have opened later, or some of its copies have.</returns>
    private async Task<ReloadException?> StartAgainAsync(ComponentCell cell)
    {
        try
        {
            await StartAsync([cell], CancellationToken.None);
            return null;
        }
        catch (ReloadException exception)
        {
            await EndAtOnceAsync(cell);
            return exception;
        }
    }

    private static string Why(ReloadException failure) => (failure.InnerException?.InnerException ?? failure).Message;

    /// <summary>Ends what was started for nothing.</summary>
    private async Task DiscardAsync(BlockPlan block, ComponentCell cell)
    {
        await EndAtOnceAsync(cell);
        if (block.Cell is { } former)
        {
            cell.Mailbox.HandOver(former.Mailbox);
            Inherit(former, cell);
            return;
        }
        cell.Mailbox.ReasonWhenClosed = DropReasons.Reload;
        cell.Mailbox.Close();
        cell.Intake?.Edge.DropKept(DropReasons.Reload);
        cell.RetiredIn = plan.Revision;
        if (cell.Counts.In.Value + cell.Counts.Created.Value + cell.Counts.Out.Value > 0) topology.Retire(cell);
        else cell.Disconnect(topology.Counted);
    }

    /// <remarks>It has not begun to work: what has come to it waits, and it has nothing in hand that would have to be counted.</remarks>
    private async Task EndAtOnceAsync(ComponentCell cell)
    {
        if (cell.HasEnded || cell.Actor.IsNobody()) return;
        cell.MustStop = true;
        var ended = cell.Actor.GracefulStop(Timeout.InfiniteTimeSpan);
        if (await Within(ended, Moment, CancellationToken.None)) ComponentCells.Of(system).Remove(cell.Actor.Path);
        else LeaveBehind(cell);
    }
}
