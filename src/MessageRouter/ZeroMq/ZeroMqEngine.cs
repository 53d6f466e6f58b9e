using System.Net;
using System.Net.Sockets;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>
/// Takes the engine that a socket is to have: the router's own, which speaks ZMTP 3 over TCP, or NetMQ for what that
/// does not speak: sockets within the process, and older versions of the protocol.
/// </summary>
internal sealed class ZeroMqEngine(Func<IZeroMqEngine> netMq, IPeerEngine native) : IZeroMqEngine
{
    private readonly Lazy<IZeroMqEngine> _netMq = new(netMq);

    public IZeroMqReceiver OpenReceiver(ReceiverSettings settings, IReceiverSink sink) =>
        IsNative(settings) ? new NativeReceiver(native, settings, sink) : _netMq.Value.OpenReceiver(settings, sink);

    /// <remarks>Sockets of the native engine that send know each of their peers, and are outputs of their own.</remarks>
    public IZeroMqSender OpenSender(SenderSettings settings, ISenderSink sink) => _netMq.Value.OpenSender(settings, sink);

    /// <remarks>Senders of the native engine count themselves what has not left.</remarks>
    public IReadOnlyList<string> StillSending => _netMq.IsValueCreated ? _netMq.Value.StillSending : [];

    /// <remarks>The native engine belongs to whoever has made it.</remarks>
    public ValueTask DisposeAsync() => _netMq.IsValueCreated ? _netMq.Value.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>What a native socket is told of the settings.</summary>
    /// <exception cref="EndpointException">The name of a host is not known. Later, when a connection is tried again, that is no more than another reason to wait.</exception>
    internal static PeerSettings PeerSettings(SocketSettings settings, PeerSocketType socket, long maxMessageSize)
    {
        CheckHosts(settings.Connect);
        return settings.ForPeers(socket, maxMessageSize);
    }

    /// <inheritdoc cref="PeerSettings" path="/exception"/>
    internal static void CheckHosts(IEnumerable<ZmtpEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints.Where(endpoint => endpoint is { IsTcp: true, Address: null })) CheckHost(endpoint);
    }

    /// <summary>Whether the router's own engine can do what NetMQ is not asked for.</summary>
    internal static bool IsNative(WireEngine engine, IEnumerable<ZmtpEndpoint> endpoints) => engine == WireEngine.Native && endpoints.All(endpoint => endpoint.IsTcp || endpoint.IsIpc);

    private static void CheckHost(ZmtpEndpoint endpoint)
    {
        try
        {
            _ = Dns.GetHostAddresses(endpoint.Host);
        }
        catch (SocketException exception)
        {
            throw EndpointException.UnknownHost(endpoint, exception);
        }
    }

    private static bool IsNative(SocketSettings settings) =>
        IsNative(settings.Engine, settings.Bind.Concat(settings.Connect));
}
