using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>Passes every message on as it is.</summary>
internal sealed class NullFilter : FilterActor
{
    protected override Message? Filter(Message message) => message;
}
