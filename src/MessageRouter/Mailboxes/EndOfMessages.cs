namespace MessageRouter.Mailboxes;

/// <summary>Told to a component after its last message, when all that feed it have drained.</summary>
internal sealed class EndOfMessages
{
    public static readonly EndOfMessages Instance = new();

    private EndOfMessages()
    {
    }
}

/// <summary>Why a mailbox holds its messages back; each reason is set and taken away by one owner.</summary>
[Flags]
internal enum PauseReasons
{
    None = 0,

    /// <summary>A target of the component has no room.</summary>
    Downstream = 1,

    /// <summary>The component waits before its next restart.</summary>
    Backoff = 2,

    /// <summary>The component itself has taken as many messages as it can hold, or waits before it tries one again.</summary>
    Busy = 4,

    /// <summary>What the component takes the place of has not finished yet.</summary>
    Handover = 8,
}
