using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Routing;

/// <summary>The parent of all components of one role: <c>/user/router/filters</c> and its two siblings.</summary>
internal sealed class SectionActor : ReceiveActor
{
    public SectionActor(ComponentActivator activator)
    {
        Receive<StartComponents>(start =>
        {
            foreach (var cell in start.Cells) activator.Start(Context, cell.Definition.Name, cell);
        });
        Receive<InputActor.StopInput>(TellAll);
        Receive<ComponentActor.NodeDrains>(TellAll);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new ComponentSupervision(ComponentCells.Of(Context.System));

    private static void TellAll(object message)
    {
        foreach (var child in Context.GetChildren()) child.Tell(message);
    }

    internal sealed record StartComponents(IReadOnlyList<ComponentCell> Cells);
}
