namespace MessageRouter.Components;

/// <summary>Reading from an input's source failed.</summary>
public sealed class InputFailedException(Exception cause) : Exception(cause.Message, cause);
