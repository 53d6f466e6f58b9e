using MessageRouter.Components;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

/// <summary>A filter of which two cannot be open at a time.</summary>
internal sealed class InTurnFilter(InTurnFilter.Options options) : FilterActor
{
    protected override void Open() => options.Opens();

    protected override void Close() => options.Closes();

    protected override Message? Filter(Message message) => options.Filters(message);

    public static ComponentDefinition Of(string name, Action opens, Action? closes = null, Func<Message, Message?>? filters = null) =>
        Some.Component<InTurnFilter>(name, new Options(opens, closes ?? (() => { }), filters ?? (message => message)));

    internal sealed record Options(Action Opens, Action Closes, Func<Message, Message?> Filters) : IOpensInTurn;
}
