using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Workers;

/// <summary>The parent of all worker processes, <c>/user/router/workers</c>: a child for each group, and it one for each process.</summary>
internal sealed class WorkersActor : UntypedActor
{
    public WorkersActor(Workforce workforce)
    {
        foreach (var group in workforce.Groups)
            Context.ActorOf(Props.Create(() => new WorkerGroupActor(group, workforce.Processes)), group.Definition.Name);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Resize resize: Context.Child(resize.Group).Tell(resize); break;
            case End: EndChildren(Context, Self); break;
            case EndAtOnce or ComponentActor.NodeDrains: TellChildren(Context, message); break;
            default: Unhandled(message); break;
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

    /// <summary>Asks to end all processes: SIGTERM and, after the stop timeout, SIGKILL. The actor stops when all have ended.</summary>
    internal sealed record End;

    /// <summary>Asks to kill all processes.</summary>
    internal sealed record EndAtOnce;
}
