using System.Net.Sockets;
using MessageRouter.Components;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>An endpoint could not be bound or connected; the message names it and says what to do.</summary>
public sealed class EndpointException : OpenFailedException
{
    internal EndpointException(string message, Exception? cause = null)
        : base("", message, cause)
    {
    }

    internal EndpointException(ZmtpEndpoint endpoint, string problem, Exception? cause = null)
        : base(endpoint.Written, $"{endpoint} {problem}", cause)
    {
    }

    internal EndpointException(ZmtpEndpointException cause)
        : base(cause.Endpoint, cause.Message, cause)
    {
    }

    /// <summary>The name service does not know the endpoint's host.</summary>
    internal static EndpointException UnknownHost(ZmtpEndpoint endpoint, SocketException cause) =>
        new(endpoint, $"names the host `{endpoint.Host}`, which is not known: {cause.Message}. Correct the name or give the address.", cause);
}
