using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Routing;

namespace MessageRouter.Trials;

/// <summary>The parent of a trial's components, which starts them as messages reach them.</summary>
internal sealed class TrialActor(ComponentActivator activator) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not Start start)
        {
            Unhandled(message);
            return;
        }
        activator.Start(Context, start.Cell.Name, start.Cell);
        Sender.Tell(new ActorIdentity(start.Cell.Name, Context.Child(start.Cell.Name)));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new ComponentSupervision(ComponentCells.Of(Context.System));

    /// <summary>Asks for a component's actor; answered with its identity.</summary>
    internal sealed record Start(ComponentCell Cell);
}
