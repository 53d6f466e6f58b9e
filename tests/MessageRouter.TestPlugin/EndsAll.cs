using MessageRouter;
using MessageRouter.Components;

namespace Acme.Filters;

/// <summary>Ends the actor system in which it lives.</summary>
public sealed class EndsAll : FilterActor
{
    protected override Message? Filter(Message message)
    {
        _ = Context.System.Terminate();
        return message;
    }
}
