namespace MessageRouter;

/// <summary>
/// Says that one message is at fault and not the component that found out: the message goes to the error chain, and the
/// component goes on as if nothing had happened, whatever its supervision says. Without it a peer that sends such
/// messages one after the other would have the component restarted with ever longer pauses.
/// </summary>
/// <param name="message">What is wrong with the message, for the error event.</param>
/// <param name="cause">What led to it.</param>
public sealed class MessageException(string message, Exception? cause = null) : Exception(message, cause);
