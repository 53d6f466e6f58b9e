using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Routing;

/// <summary>The parent of all components of one role: <c>/user/router/filters</c> and its two siblings.</summary>
internal sealed class SectionActor(ComponentActivator activator) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartComponents start:
                foreach (var cell in start.Cells) activator.Start(Context, cell.Definition.Name, cell);
                break;
            case InputActor.StopInput or ComponentActor.NodeDrains:
                foreach (var child in Context.GetChildren()) child.Tell(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new ComponentSupervision(ComponentCells.Of(Context.System));

    internal sealed record StartComponents(IReadOnlyList<ComponentCell> Cells);
}
