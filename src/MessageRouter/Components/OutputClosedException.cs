namespace MessageRouter.Components;

/// <summary>
/// What an output writes to is gone for good, so that no restart can help: the component is stopped, whatever its
/// supervision says about restarts.
/// </summary>
public sealed class OutputClosedException(string message, Exception cause) : IOException(message, cause);
