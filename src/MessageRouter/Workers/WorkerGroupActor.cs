using System.Globalization;
using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Workers;

/// <summary>Keeps as many workers of a group as there shall be.</summary>
internal sealed class WorkerGroupActor : ReceiveActor
{
    private readonly WorkerGroup _group;
    private readonly IWorkerProcesses _processes;
    private int _instances;
    private bool _ending;

    public WorkerGroupActor(WorkerGroup group, IWorkerProcesses processes)
    {
        _group = group;
        _processes = processes;
        _instances = group.Definition.Instances;
        Receive<WorkersActor.Resize>(HandleResize);
        Receive<WorkersActor.End>(_ => HandleEnd());
        Receive<WorkersActor.EndAtOnce>(atOnce => WorkersActor.TellChildren(Context, atOnce));
        Receive<ComponentActor.NodeDrains>(drains => WorkersActor.TellChildren(Context, drains));
        Receive<WorkerEnded>(HandleEnded);
    }

    protected override void PreStart() => StartMissing();

    private void HandleResize(WorkersActor.Resize resize)
    {
        if (_ending) return;
        _instances = resize.Instances;
        foreach (var cell in _group.Cells.Where(cell => cell.Number > _instances)) Context.Child(Name(cell.Number)).Tell(new WorkersActor.End());
        StartMissing();
    }

    private void HandleEnded(WorkerEnded ended)
    {
        if (_ending) return;
        _group.Remove(ended.Number);

        // It may have been wanted again while it was ending.
        StartMissing();
    }

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
            var cell = _group.Cell(number);
            var worker = Context.ActorOf(Props.Create(() => new WorkerActor(cell, _processes)), Name(number));
            Context.WatchWith(worker, new WorkerEnded(number));
        }
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record WorkerEnded(int Number);
}
