using MessageRouter.Components;

namespace MessageRouter.TestKit;

/// <summary>Feeds the component under test; the kit hands the messages to its intake.</summary>
internal sealed class SourceInput : InputActor
{
    /// <summary>Nothing that a test sends is dropped for want of room, unless its component's own mailbox says so.</summary>
    internal sealed record Options : IPausableInput;
}
