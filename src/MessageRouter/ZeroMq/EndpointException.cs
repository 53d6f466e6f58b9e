using MessageRouter.Components;

namespace MessageRouter.ZeroMq;

/// <summary>An endpoint could not be bound or connected; the message names it and says what to do.</summary>
public sealed class EndpointException : OpenFailedException
{
    internal EndpointException(string message, Exception? cause = null)
        : base("", message, cause)
    {
    }

    internal EndpointException(ZeroMqEndpoint endpoint, string problem, Exception? cause = null)
        : base(endpoint.Written, $"{endpoint} {problem}", cause)
    {
    }
}
