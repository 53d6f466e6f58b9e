namespace MessageRouter.Zmtp;

/// <summary>An endpoint could not be bound or connected; the message names it and says what to do.</summary>
public sealed class ZmtpEndpointException : IOException
{
    internal ZmtpEndpointException(ZmtpEndpoint endpoint, string problem, Exception? cause = null)
        : base($"{endpoint} {problem}", cause) => Endpoint = endpoint.Written;

    /// <summary>The endpoint as it was given.</summary>
    public string Endpoint { get; }
}
