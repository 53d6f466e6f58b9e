namespace MessageRouter.Components;

/// <summary>
/// Implemented by the options of an input that can stop reading without losing anything. What comes only from such
/// inputs waits when a mailbox is full, unless the configuration says otherwise.
/// </summary>
public interface IPausableInput
{
    /// <summary>Whether the input, with these options, can pause.</summary>
    bool CanPause => true;

    /// <summary>
    /// Whether it can pause although something is lost elsewhere meanwhile, such as at a publisher. It does so only where its
    /// own block says <c>mailbox.overflow = wait</c>.
    /// </summary>
    bool CanPauseAtALoss => CanPause;
}
