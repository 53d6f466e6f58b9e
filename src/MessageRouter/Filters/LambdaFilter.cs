using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>Does with each message what a function says, as Message::Passing's <c>Mangle</c> does.</summary>
internal sealed class LambdaFilter(Func<Message, Message?> filter) : FilterActor
{
    /// <summary>The type that stands in the ledger.</summary>
    public const string TypeName = "lambda";

    public static ComponentType Of(Func<Message, Message?> filter) =>
        ComponentType.Of(typeof(LambdaFilter), TypeName, "Does what a function of the program says.") with { Arguments = [filter] };

    protected override Message? Filter(Message message) => filter(message);
}
