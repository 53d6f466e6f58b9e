using MessageRouter.Components;

namespace MessageRouter.Inputs;

/// <summary>Brings no message and does not end until the node stops.</summary>
internal sealed class NullInput : InputActor;
