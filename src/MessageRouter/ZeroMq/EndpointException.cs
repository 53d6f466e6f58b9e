namespace MessageRouter.ZeroMq;

/// <summary>An endpoint could not be bound or connected; the message names it and says what to do.</summary>
public sealed class EndpointException : IOException
{
    internal EndpointException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
