using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>Stops every message.</summary>
internal sealed class AllFilter : FilterActor
{
    protected override Message? Filter(Message message) => null;
}
