using System.Globalization;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Reloading;

namespace MessageRouter.Workers;

/// <summary>Keeps as many workers of a group as there shall be; when the group becomes another one it replaces them one after the other.</summary>
internal sealed class WorkerGroupActor : ReceiveActor
{
    /// <summary>A process that has run for so long has come up.</summary>
    private static readonly TimeSpan UpTime = TimeSpan.FromMilliseconds(500);

    private readonly WorkerGroup _group;
    private readonly Workforce _workforce;
    private readonly Queue<int> _toReplace = new();

    /// <summary>Those that have been started since it becomes another one.</summary>
    private readonly List<WorkerCell> _new = [];
    private int _instances;
    private bool _ending;
    private WorkerGroupDefinition? _before;
    private BecomeAnother? _becoming;
    private ITimer? _timer;

    /// <summary>This node's part of what the cluster places; null where the group's definition says how many there are.</summary>
    private IPlacement? _placement;

    public WorkerGroupActor(WorkerGroup group, Workforce workforce)
    {
        _group = group;
        _workforce = workforce;
        _instances = group.Definition.Instances;
        Receive<WorkersActor.Resize>(resize => HandleSize(resize.Instances));
        Receive<BecomeAnother>(HandleBecome);
        Receive<LookAtNew>(HandleLook);
        Receive<WorkersActor.End>(_ => HandleEnd());
        Receive<WorkersActor.EndAtOnce>(atOnce => WorkersActor.TellChildren(Context, atOnce));
        Receive<ComponentActor.NodeDrains>(drains =>
        {
            _placement?.Leave();
            WorkersActor.TellChildren(Context, drains);
        });
        Receive<WorkerEnded>(HandleEnded);
    }

    protected override void PreStart()
    {
        Place();
        StartMissing();
    }

    protected override void PostStop()
    {
        _placement?.Dispose();
        _timer?.Dispose();
        _becoming?.Done.TrySetException(new ReloadException($"workers.{_group.Definition.Name} has ended."));
    }

    private void HandleSize(int instances)
    {
        if (_ending) return;
        _instances = instances;
        foreach (var cell in _group.Cells.Where(cell => cell.Number > _instances)) Context.Child(Name(cell.Number)).Tell(new WorkersActor.End());
        StartMissing();
        SayHowMany();
    }

    private void SayHowMany() => _placement?.Say(_group.Cells.Count());

    /// <summary>Has the cluster place them, where the definition says so.</summary>
    private void Place()
    {
        var (self, group) = (Self, _group.Definition);
        if (group.Placement is not { } placement)
        {
            _placement?.Dispose();
            _placement = null;
        }
        else if (_placement is null)
        {
            _placement = _workforce.Placements.Join($"workers.{group.Name}", placement, processes => self.Tell(new WorkersActor.Resize(group.Name, processes)));
            SayHowMany();
        }
        else
        {
            _placement.Change(placement);
        }
    }

    private void HandleBecome(BecomeAnother become)
    {
        var (before, next) = (_group.Definition, become.Group);
        var keys = Differences.Between(before, next);
        List<WorkerCell> again = [.. _group.Cells.Where(cell => become.StartsAgain && cell.IsGivenUp)];
        _group.Definition = next;
        if (_ending || (keys.Count == 0 && again.Count == 0))
        {
            become.Done.TrySetResult();
            return;
        }
        (_before, _becoming) = (before with { Instances = _instances }, become);
        _toReplace.Clear();
        _new.Clear();
        var size = SizeOf(next);
        Place();
        var areReplaced = !keys.All(Differences.IsOfInstances);
        foreach (var cell in _group.Cells.Where(cell => cell.Number <= size && (areReplaced || again.Contains(cell)))) _toReplace.Enqueue(cell.Number);
        HandleSize(size);
        if (_toReplace.Count == 0) LookLater(0);
        else ReplaceNext();
    }

    private void ReplaceNext() => Context.Child(Name(_toReplace.Peek())).Tell(new WorkersActor.End());

    private void HandleEnded(WorkerEnded ended)
    {
        if (_ending) return;
        _group.Remove(ended.Cell);

        // It may have been wanted again while it was ending.
        StartMissing();
        SayHowMany();
        if (_toReplace.TryPeek(out var number) && number == ended.Cell.Number) LookLater(number);
    }

    private void LookLater(int number)
    {
        var (self, look) = (Self, new LookAtNew(number, _becoming));
        _timer?.Dispose();
        _timer = _group.Clock.CreateTimer(_ => self.Tell(look), null, UpTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks whether processes have come up: one that has replaced another, or all that are new.</summary>
    private void HandleLook(LookAtNew look)
    {
        if (_ending || _becoming is null || look.Of != _becoming) return;
        if (_group.Cells.FirstOrDefault(cell => cell.Number <= _instances && _new.Contains(cell) && !cell.HasComeUp) is { } failed)
        {
            var problem = $"workers.{failed.Name} does not come up: {failed.Line().LastError ?? "it has not started"}";
            var done = _becoming.Done;
            (_becoming, var back) = (null, _before!);
            _toReplace.Clear();
            GoBack(back);
            done.TrySetException(new ReloadException(problem));
            return;
        }
        if (look.Number > 0) _toReplace.Dequeue();

        // There may be fewer of them than when it was begun.
        while (_toReplace.TryPeek(out var number) && number > _instances) _toReplace.Dequeue();
        if (_toReplace.Count > 0)
        {
            ReplaceNext();
            return;
        }
        _becoming.Done.TrySetResult();
        _becoming = null;
    }

    private void GoBack(WorkerGroupDefinition definition)
    {
        // What had been given up is what it was to be already: its supervision goes on with it.
        var others = _group.Cells.Where(cell => _new.Contains(cell) && !Differences.Between(definition, cell.Group).All(Differences.IsOfInstances)).Select(cell => cell.Number).ToList();
        _group.Definition = definition;
        var size = SizeOf(definition);
        Place();
        HandleSize(size);
        foreach (var number in others.Where(number => number <= size)) Context.Child(Name(number)).Tell(new WorkersActor.End());
    }

    /// <summary>How many there are now by a definition: where the cluster places them as many as there are, until it says otherwise.</summary>
    private int SizeOf(WorkerGroupDefinition definition) => definition.Placement is null ? definition.Instances : _instances;

    private void HandleEnd()
    {
        _ending = true;
        WorkersActor.EndChildren(Context, Self);
    }

    private void StartMissing()
    {
        for (var number = 1; number <= _instances; number++)
        {
            if (!Context.Child(Name(number)).IsNobody()) continue;
            var cell = _group.Add(number);
            if (_becoming is not null) _new.Add(cell);
            var processes = _workforce.Processes;
            var worker = Context.ActorOf(Props.Create(() => new WorkerActor(cell, processes)), Name(number));
            Context.WatchWith(worker, new WorkerEnded(cell));
        }
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks to become what another description has.</summary>
    /// <param name="Group">The description.</param>
    /// <param name="StartsAgain">Whether processes are started again that had been given up.</param>
    /// <param name="Done">Done when all processes are of that kind and have come up; faulted where one has not, and all are as they were.</param>
    internal sealed record BecomeAnother(WorkerGroupDefinition Group, bool StartsAgain, TaskCompletionSource Done);

    /// <summary>Comes after the actor is gone, so that another one may have its number already.</summary>
    private sealed record WorkerEnded(WorkerCell Cell);

    private sealed record LookAtNew(int Number, BecomeAnother? Of) : IDeadLetterSuppression;
}
