using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.ZeroMq;

/// <summary>The wire as components use it: their batches, and errors that point into the configuration.</summary>
internal static class PeerSockets
{
    /// <summary>An engine that logs under the names of its sockets.</summary>
    /// <param name="loggers">The logs.</param>
    /// <param name="clock">The clock of pauses and heartbeats.</param>
    /// <param name="memoryLimit">The node's, of which messages of which only a part has come may take a quarter beside what waits; 0 for none.</param>
    public static ZmtpEngine Engine(ILoggerFactory loggers, TimeProvider clock, long memoryLimit = 0) =>
        new(name => new ConnectionLog(loggers.CreateLogger(name), clock), clock, memoryLimit > 0 ? new PartialMemory(MostInParts(memoryLimit)) : null);

    /// <summary>What messages of which only a part has come may take in a node.</summary>
    /// <param name="memoryLimit">The node's.</param>
    public static long MostInParts(long memoryLimit) => memoryLimit / 4;

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

    /// <inheritdoc cref="IPeerSocket.Change"/>
    /// <exception cref="EndpointException">An endpoint could not be bound.</exception>
    public static void ChangeFor(this IPeerSocket socket, PeerSettings next)
    {
        try
        {
            socket.Change(next);
        }
        catch (ZmtpEndpointException exception)
        {
            throw new EndpointException(exception);
        }
    }

    /// <inheritdoc cref="IPeerEngine.KeepListening"/>
    /// <exception cref="EndpointException">An endpoint could not be bound.</exception>
    public static IDisposable? KeepListeningFor(this IPeerEngine engine, IEnumerable<ZmtpEndpoint> endpoints)
    {
        try
        {
            return engine.KeepListening(endpoints);
        }
        catch (ZmtpEndpointException exception)
        {
            throw new EndpointException(exception);
        }
    }

    /// <inheritdoc cref="IPeer.Send"/>
    public static void Send(this IPeer peer, MessageBatch batch) => peer.Send(batch.ToWire());
}
