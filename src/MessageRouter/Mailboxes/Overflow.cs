namespace MessageRouter.Mailboxes;

/// <summary>What happens to messages that a full mailbox has no room for.</summary>
public enum Overflow
{
    /// <summary>They are dropped and counted as <c>mailbox-full</c>.</summary>
    DropNewest,

    /// <summary>The oldest waiting messages make room, dropped and counted as <c>evicted</c>.</summary>
    DropOldest,

    /// <summary>
    /// The sender keeps them and pauses until there is room: held back all the way to the inputs.
    /// An input that cannot pause drops them, counted as <c>mailbox-full</c>.
    /// </summary>
    Wait,
}
