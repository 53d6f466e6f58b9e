using System.Collections.Concurrent;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Workers;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Reloading;

/// <summary>
/// Carries out one plan. What is new is made ready beside what is at work; when all of it is ready, and not before, it takes over. Until then
/// everything can be undone, and is where something fails.
/// </summary>
/// <param name="plan">What is to be done.</param>
/// <param name="topology">The node's.</param>
/// <param name="workforce">Its worker processes.</param>
/// <param name="system">The actor system.</param>
/// <param name="router">The actor above all components.</param>
/// <param name="peers">What listens for it.</param>
/// <param name="logger">The node's log.</param>
/// <param name="clock">The node's clock.</param>
internal sealed partial class Reloader(
    ReloadPlan plan, Topology topology, Workforce workforce, ActorSystem system, IActorRef router, IPeerEngine? peers, ILogger logger, TimeProvider clock)
{
    /// <summary>How long a component that is replaced may take to finish what it has in hand; what it has not then, its successor gets.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What what is removed has where the drain timeout is infinite.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(1);

    /// <summary>How long it may take to end in a node that stops.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a component may take at least to open what it needs.</summary>
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(10);

    private readonly Dictionary<BlockPlan, ComponentCell> _new = new(ReferenceEqualityComparer.Instance);
    private readonly List<(ComponentCell Successor, ComponentCell Former)> _replacedInTurn = [];
    private readonly List<IDisposable> _listening = [];
    private readonly ConcurrentBag<(Pool Pool, int Size)> _resized = [];
    private bool _workersAreChanged;

    /// <summary>A reload ends, also where a stop has all the time.</summary>
    private TimeSpan DrainLimit => topology.Definition.DrainTimeout == Timeout.InfiniteTimeSpan ? LongestDrain : topology.Definition.DrainTimeout;

    private TimeSpan StartLimit => DrainLimit > ShortestLimit ? DrainLimit : ShortestLimit;

    private IEnumerable<BlockPlan> Replaced => plan.Blocks.Where(block => block.Action == BlockAction.Replaced && block.Cell is not null);

    private IEnumerable<WorkerGroupDefinition> RemovedGroups => plan.Blocks.Where(block => block is { Action: BlockAction.Removed, Group: not null }).Select(block => block.Group!);

    private IEnumerable<BlockPlan> Resized => plan.Blocks.Where(block => block is { Action: BlockAction.ChangedInPlace, Cell.Pool: not null } && (block.StartsAgain || block.Keys.Contains("instances")));

    private IEnumerable<BlockPlan> Added => plan.Blocks.Where(block => block.Action == BlockAction.Added && block.Next is not null);

    /// <exception cref="ReloadException">Something could not be started; everything is as it was, but for what it names.</exception>
    /// <param name="stopping">The node stops: before the new configuration is in force everything is undone; after that nothing is waited for any longer.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        foreach (var block in Replaced) _new[block] = topology.Successor(block.Next!, block.Cell!, block.Keys.Contains("bind") ? [] : block.Cell!.Endpoints);
        foreach (var block in Added) _new[block] = topology.Added(block.Next!);
        var cells = plan.Blocks.Where(block => block.Next is not null).ToDictionary(block => block.Name, block => _new.GetValueOrDefault(block) ?? block.Cell!);
        var layout = new Layout(plan.Definition, [.. plan.Definition.Components.Select(component => cells[component.FullName])], cells[plan.Definition.Errors.FullName]);
        topology.Prepare(layout);
        foreach (var cell in _new.Values) topology.Connect(cell);
        try
        {
            CheckMoves();
            CheckWorkers();
            KeepListening();
            await MakeReadyAsync(ComponentRole.Output, stopping);
            await MakeReadyAsync(ComponentRole.Filter, stopping);
            await Task.WhenAll(Resized.Select(block => ResizeAsync(block, stopping)));
            await ChangeWorkersAsync([.. plan.Definition.Workers, .. RemovedGroups], startsAgain: true, stopping);
            await MakeReadyAsync(ComponentRole.Input, stopping);
            stopping.ThrowIfCancellationRequested();
        }
        catch (Exception exception)
        {
            var notTakenBack = await UndoAsync();
            _listening.ForEach(lease => lease.Dispose());
            var failure = exception as ReloadException ?? ReloadException.Because(exception is OperationCanceledException ? new InvalidOperationException("The node stops; nothing was changed.") : exception);
            throw notTakenBack.Count == 0 ? failure : failure.AndNotTakenBack(notTakenBack);
        }
        try
        {
            await CommitAsync(layout, stopping);
        }
        finally
        {
            _listening.ForEach(lease => lease.Dispose());
        }
    }

    private void CheckMoves()
    {
        foreach (var (component, address, problem) in new Planner(topology, workforce).Moves(plan.Definition))
            throw ReloadException.Because(new ComponentStartException(component, new OpenFailedException(address.Written ?? "", problem)));
    }

    private void CheckWorkers()
    {
        foreach (var block in plan.Blocks.Where(block => block is { Group.Instances: > 0, Action: BlockAction.Added or BlockAction.Replaced })) workforce.Processes.Check(block.Group!);
    }

    /// <summary>What is to be listened on is made ready first, and kept open while one component hands it to another.</summary>
    private void KeepListening()
    {
        foreach (var block in Replaced.Where(block => !block.Cell!.HasEnded)) Keep(block.Cell!.Definition, block.Cell.Endpoints);
        foreach (var (_, cell) in _new) Keep(cell.Definition, cell.Endpoints);
        foreach (var block in plan.Blocks.Where(block => block.Action == BlockAction.ChangedInPlace && block.Keys.Contains("bind"))) Keep(block.Next!, []);

        void Keep(ComponentDefinition component, IReadOnlyList<string> lastEndpoints)
        {
            if (component.Options is not IListens options) return;
            try
            {
                if (peers?.KeepListeningFor(options.ListensOn(lastEndpoints)) is { } lease) _listening.Add(lease);
            }
            catch (EndpointException exception)
            {
                throw ReloadException.Because(new ComponentStartException(component, exception));
            }
        }
    }

    /// <summary>Opens all that is new of a role: what can be beside what is at work first, so that little is to be undone.</summary>
    private async Task MakeReadyAsync(ComponentRole role, CancellationToken stopping)
    {
        var cells = _new.Where(pair => pair.Value.Definition.Role == role).ToLookup(pair => pair.Key.InTurn);
        await StartAsync([.. cells[false].Select(pair => pair.Value)], stopping);
        foreach (var (block, cell) in cells[true])
        {
            _replacedInTurn.Add((cell, block.Cell!));
            await ReplaceInTurnAsync(cell, block.Cell!, stopping);
        }
    }

    private async Task StartAsync(IReadOnlyList<ComponentCell> cells, CancellationToken stopping)
    {
        if (cells.Count == 0) return;
        foreach (var cell in cells) cell.Mailbox.OutlivesActor = true;
        router.Tell(new RouterActor.StartComponents(cells));
        using var limit = new CancellationTokenSource(StartLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        foreach (var cell in cells)
        {
            try
            {
                await cell.Started.Task.WaitAsync(either.Token);
                foreach (var copy in cell.Pool?.Copies ?? []) await copy.Cell.Started.Task.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw ReloadException.NotInTime(cell.Definition, StartLimit);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw ReloadException.Because(new ComponentStartException(cell.Definition, exception));
            }
        }
    }

    /// <summary>For what cannot be open twice: the old one ends first.</summary>
    private async Task ReplaceInTurnAsync(ComponentCell successor, ComponentCell former, CancellationToken stopping)
    {
        successor.Mailbox.OutlivesActor = true;
        TakeOver(successor, former);
        topology.Swap(successor, former);
        await FinishAsync(former, stopping);
        if (former.Definition.Type.ActorType == successor.Definition.Type.ActorType) successor.Kept = former.Kept;
        await StartAsync([successor], stopping);
        Inherit(successor, former);
        successor.BeginWork();
    }

    /// <summary>From now on what is sent to the former one waits for its successor.</summary>
    private void TakeOver(ComponentCell successor, ComponentCell former)
    {
        successor.Former = former;

        // In this order: what waits comes before what is sent to the successor itself.
        if (TakesWhatWaits(successor, former)) former.Mailbox.HandOver(successor.Mailbox);
        successor.TakeSources(former);
    }

    /// <summary>What an input has read it has read by the codec that it had.</summary>
    private static bool TakesWhatWaits(ComponentCell successor, ComponentCell former) =>
        former.Definition.Role != ComponentRole.Input || former.Definition.Codec == successor.Definition.Codec;

    /// <summary>Lets a component finish what it has in hand, and ends it: what it has not finished by then goes back to where its successor takes it.</summary>
    private async Task FinishAsync(ComponentCell former, CancellationToken stopping)
    {
        if (former.HasEnded || former.Actor.IsNobody()) return;
        former.IsReplaced = true;

        // One that has not begun to work has nothing in hand, and does not hear that nothing comes any more.
        if (former.Former is null)
        {
            if (former.Definition.Role == ComponentRole.Input) former.Actor.Tell(new InputActor.Leave());
            else former.Mailbox.Complete();
            await Within(former.Drained.Task, Patience, stopping);
        }
        await EndAsync(former, stopping);
    }

    private async Task EndAsync(ComponentCell former, CancellationToken stopping)
    {
        former.MustStop = true;
        foreach (var copy in former.Pool?.Copies ?? []) copy.Cell.MustStop = true;
        former.Mailbox.ReasonWhenClosed = DropReasons.Reload;
        var ended = former.Actor.GracefulStop(Timeout.InfiniteTimeSpan);
        if (!await Within(ended, DrainLimit, stopping) && !await Within(ended, Moment, CancellationToken.None))
        {
            LeaveBehind(former);
            former.Abandon(DropReasons.Reload);
            return;
        }
        ComponentCells.Of(system).Remove(former.Actor.Path);
    }

    private void LeaveBehind(ComponentCell cell)
    {
        ReloadLog.LeftBehind(logger, Holdup.Describe([cell]));
        topology.LeaveBehind(cell);
    }

    private void Inherit(ComponentCell successor, ComponentCell former)
    {
        if (former.Intake is { } door && TakesWhatWaits(successor, former)) door.Edge.MergeInto(successor.Intake!.Edge);
        else former.Intake?.Edge.DropKept(DropReasons.Reload);
        successor.Inherit(former, topology.Counted);
    }

    private async Task CommitAsync(Layout layout, CancellationToken stopping)
    {
        var former = topology.Layout;
        List<(ComponentCell Successor, ComponentCell Former)> finishing = [];
        foreach (var block in Replaced.Where(block => !block.InTurn))
        {
            var successor = _new[block];
            finishing.Add((successor, block.Cell!));
            TakeOver(successor, block.Cell!);
        }
        List<Task> taking = [];
        var removed = plan.Blocks.Where(block => block is { Action: BlockAction.Removed, Cell: not null }).Select(block => block.Cell!).ToList();
        var again = Added.Select(block => (Cell: _new[block], Retired: topology.RetiredOf(block.Name))).Where(pair => pair.Retired is not null).ToList();
        foreach (var cell in removed) cell.RetiredIn = plan.Revision;
        topology.Use(layout, topology.Retired.Except(again.Select(pair => pair.Retired!)).Concat(removed), plan.Revision);
        topology.Prepare(null);
        foreach (var (_, replaced) in _replacedInTurn) replaced.Forget();

        foreach (var block in plan.Blocks.Where(block => block is { Action: BlockAction.Untouched or BlockAction.ChangedInPlace, Cell: not null })) taking.AddRange(Change(block));
        foreach (var (cell, retired) in again)
        {
            cell.TakeSources(retired!);
            cell.Inherit(retired!, topology.Counted);
            cell.Counts.GoOn(retired!.Counts);
        }
        foreach (var block in Added) _new[block].BeginWork();
        ReloadLog.InForce(logger, plan.Revision, plan.Hash ?? "described in code", PlanText.Summary(plan));

        await Task.WhenAll(finishing.Select(pair => HandOnAsync(pair.Successor, pair.Former, stopping)));
        await Within(Task.WhenAll(taking), Patience, stopping);
        await Task.WhenAll(removed.Select(cell => RetireAsync(cell, former, removed, stopping)));
        await ChangeWorkersAsync(plan.Definition.Workers, startsAgain: false, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task HandOnAsync(ComponentCell successor, ComponentCell former, CancellationToken stopping)
    {
        await FinishAsync(former, stopping);
        if (!TakesWhatWaits(successor, former)) former.Mailbox.Close();
        Inherit(successor, former);
        successor.BeginWork();
        former.Forget();
    }

    /// <summary>What a component takes while it works.</summary>
    /// <returns>Done when it has done so.</returns>
    private IEnumerable<Task> Change(BlockPlan block)
    {
        var (cell, next) = (block.Cell!, block.Next!);
        var before = cell.Definition;
        cell.Definition = next;
        if (before.Mailbox != next.Mailbox) cell.Resize(next.Mailbox);
        topology.Connect(cell);
        foreach (var copy in cell.Pool?.Copies ?? []) copy.Cell.Definition = next;
        if (next.Placement is { } placement && before.Placement != placement) cell.Pool?.Actor.Tell(new PoolActor.PlaceBy(placement));
        if (!block.Keys.Intersect(Differences.LiveKeys(next)).Any()) return [];
        var senders = cell.Pool?.Copies.Where(copy => copy.State != PoolCopyState.Ended).Select(copy => copy.Actor) ?? [cell.Actor];
        return [.. senders.Select(actor =>
        {
            var change = new ComponentActor.ChangeOptions(next.Options!);
            actor.Tell(change);
            return change.Done.Task;
        })];
    }

    /// <summary>Copies that cannot be started are noticed at once; for those that have to let go of their messages nobody waits for long.</summary>
    private async Task ResizeAsync(BlockPlan block, CancellationToken stopping)
    {
        var pool = block.Cell!.Pool!;
        if (pool.Actor.IsNobody() || block.Cell.HasEnded) return;
        _resized.Add((pool, pool.Size));
        var size = block.Keys.Contains("instances") ? block.Next!.Instances : (int?)null;
        var done = pool.Actor.Ask<Resize.Done>(new Resize(size) { StartsAgain = block.StartsAgain }, Timeout.InfiniteTimeSpan);
        if (await Within(Task.WhenAny(done, block.Cell.Drained.Task), Patience, stopping) && done.IsCompleted) await done;
        else ReloadLog.StillResizing(logger, block.Name, size ?? pool.Size);
    }

    /// <summary>Nothing is sent to it any more: when all that feed it have finished it is told so, and has the drain timeout for what it has.</summary>
    private async Task RetireAsync(ComponentCell cell, Layout former, IReadOnlyList<ComponentCell> removed, CancellationToken stopping)
    {
        if (!cell.HasEnded && !cell.Actor.IsNobody())
        {
            if (cell.Definition.Role == ComponentRole.Input) cell.Actor.Tell(new InputActor.Leave());
            else _ = CompleteAsync();
            if (!await Within(cell.Drained.Task, DrainLimit, stopping)) ReloadLog.DrainTimedOut(logger, Holdup.Describe([cell]));
            await EndAsync(cell, stopping);
        }
        foreach (var source in cell.Sources) source.DropKept(DropReasons.Reload);
        cell.Forget();

        async Task CompleteAsync()
        {
            await Task.WhenAll(former.Feeders.GetValueOrDefault(cell, []).Where(removed.Contains).Select(feeder => feeder.Drained.Task));
            await Task.WhenAll(cell.Sources.Select(source => source.WhenEmpty()));
            cell.Mailbox.Complete();
        }
    }

    /// <summary>A process that does not come up is noticed by who starts it; how long all of them take follows from how long each may take to stop.</summary>
    private async Task ChangeWorkersAsync(IReadOnlyList<WorkerGroupDefinition> groups, bool startsAgain, CancellationToken stopping)
    {
        if (plan.Blocks.All(block => block.Group is null || block.Action == BlockAction.Untouched)) return;
        _workersAreChanged = true;
        await router.Ask<WorkersActor.Changed>(new WorkersActor.Change(groups, startsAgain), Timeout.InfiniteTimeSpan, stopping);
    }

    /// <returns>Whether it was done in time.</returns>
    private async Task<bool> Within(Task task, TimeSpan limit, CancellationToken stopping)
    {
        if (task.IsCompleted) return true;
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        await task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}
