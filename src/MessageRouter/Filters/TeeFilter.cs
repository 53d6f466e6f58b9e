using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>
/// Passes every message to all its targets, as every component does; it is here for who looks for
/// Message::Passing's <c>T</c>.
/// </summary>
internal sealed class TeeFilter : FilterActor, IExplains
{
    public IEnumerable<Reason> Explain(Message message) => [new Reason("every message goes on", "type")];

    protected override Message? Filter(Message message) => message;
}
