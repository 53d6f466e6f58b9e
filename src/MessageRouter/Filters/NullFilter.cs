using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>Passes every message on as it is.</summary>
internal sealed class NullFilter : FilterActor, IExplains
{
    public IEnumerable<Reason> Explain(Message message) => [new Reason("every message goes on", "type")];

    protected override Message? Filter(Message message) => message;
}
