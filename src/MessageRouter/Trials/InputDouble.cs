using MessageRouter.Components;

namespace MessageRouter.Trials;

/// <summary>Stands in the place of an input and reads nothing: what comes is handed to its intake by somebody else.</summary>
internal sealed class InputDouble : InputActor
{
    /// <summary>What of the input's options decides who waits for whom.</summary>
    internal sealed record Options(bool CanPause, bool CanPauseAtALoss) : IPausableInput;
}
