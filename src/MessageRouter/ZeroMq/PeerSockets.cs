using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.ZeroMq;

/// <summary>The wire as components use it: their batches, and errors that point into the configuration.</summary>
internal static class PeerSockets
{
    /// <summary>An engine that logs under the names of its sockets.</summary>
    public static ZmtpEngine Engine(ILoggerFactory loggers, TimeProvider clock) => new(name => new ConnectionLog(loggers.CreateLogger(name), clock), clock);

    /// <inheritdoc cref="IPeerEngine.Open"/>
    /// <exception cref="EndpointException">An endpoint could not be bound, or is none that can be connected to.</exception>
    public static IPeerSocket OpenFor(this IPeerEngine engine, PeerSettings settings, IPeerSink sink)
    {
        try
        {
            return engine.Open(settings, sink);
        }
        catch (ZmtpEndpointException exception)
        {
            throw new EndpointException(exception);
        }
    }

    /// <inheritdoc cref="IPeer.Send"/>
    public static void Send(this IPeer peer, MessageBatch batch) => peer.Send(batch.ToWire());
}
