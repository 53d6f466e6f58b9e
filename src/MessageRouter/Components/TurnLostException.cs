namespace MessageRouter.Components;

/// <summary>It is another node's turn: the component is to be made anew and to stand by. No failure, and never counted as one.</summary>
internal sealed class TurnLostException : Exception;
