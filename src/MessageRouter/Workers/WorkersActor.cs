using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Workers;

/// <summary>The parent of all worker processes, <c>/user/router/workers</c>: a child for each group, and it one for each process.</summary>
internal sealed class WorkersActor : UntypedActor
{
    private readonly Workforce _workforce;

    public WorkersActor(Workforce workforce)
    {
        _workforce = workforce;
        foreach (var group in workforce.Groups) Start(group);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Resize resize: Context.Child(resize.Group).Tell(resize); break;
            case Change change: ChangeAsync(change).PipeTo(Sender, Self); break;
            case GroupEnded ended: _workforce.Remove(ended.Name); break;
            case End: EndChildren(Context, Self); break;
            case EndAtOnce or ComponentActor.NodeDrains: TellChildren(Context, message); break;
            default: Unhandled(message); break;
        }
    }

    private IActorRef Start(WorkerGroup group)
    {
        var workforce = _workforce;
        return Context.ActorOf(Props.Create(() => new WorkerGroupActor(group, workforce)), group.Definition.Name);
    }

    private Task<Changed> ChangeAsync(Change change)
    {
        List<Task> waits = [];
        foreach (var group in change.Groups)
        {
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waits.Add(answer.Task);
            var child = Context.Child(group.Name);
            if (child.IsNobody()) child = Start(_workforce.Add(group with { Instances = 0, Placement = null }));
            child.Tell(new WorkerGroupActor.BecomeAnother(group, change.StartsAgain, answer));
        }
        foreach (var group in _workforce.Groups.Where(group => change.Groups.All(known => known.Name != group.Definition.Name)))
        {
            var (name, self) = (group.Definition.Name, Self);
            waits.Add(Context.Child(name).GracefulStop(Timeout.InfiniteTimeSpan, new End()).ContinueWith(_ => self.Tell(new GroupEnded(name)), TaskScheduler.Default));
        }
        return AllAsync(waits);

        static async Task<Changed> AllAsync(IEnumerable<Task> waits)
        {
            await Task.WhenAll(waits);
            return Changed.Instance;
        }
    }

    /// <summary>Has all children end, each in its time, and then the parent.</summary>
    internal static void EndChildren(IActorContext context, IActorRef self) =>
        Task.WhenAll(context.GetChildren().Select(child => child.GracefulStop(Timeout.InfiniteTimeSpan, new End())))
            .PipeTo(self, success: () => PoisonPill.Instance);

    internal static void TellChildren(IActorContext context, object message)
    {
        foreach (var child in context.GetChildren()) child.Tell(message);
    }

    /// <summary>Asks for another number of processes in a group; surplus ones are sent SIGTERM, those with the highest numbers first.</summary>
    internal sealed record Resize(string Group, int Instances);

    /// <summary>Asks for other groups; answered with <see cref="Changed"/>, or with a failure where processes do not come up: those of that group are as they were.</summary>
    /// <param name="Groups">The groups that there are to be.</param>
    /// <param name="StartsAgain">Whether processes are started again that had been given up.</param>
    internal sealed record Change(IReadOnlyList<WorkerGroupDefinition> Groups, bool StartsAgain);

    internal sealed record Changed
    {
        public static readonly Changed Instance = new();
    }

    private sealed record GroupEnded(string Name);

    /// <summary>Asks to end all processes: SIGTERM and, after the stop timeout, SIGKILL. The actor stops when all have ended.</summary>
    internal sealed record End;

    /// <summary>Asks to kill all processes.</summary>
    internal sealed record EndAtOnce;
}
