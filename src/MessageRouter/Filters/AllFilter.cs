using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>Stops every message.</summary>
internal sealed class AllFilter : FilterActor, IExplains
{
    public IEnumerable<Reason> Explain(Message message) => [new Reason("no message goes on", "type")];

    protected override Message? Filter(Message message) => null;
}
