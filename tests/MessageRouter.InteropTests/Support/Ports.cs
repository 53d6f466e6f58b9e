using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MessageRouter.InteropTests.Support;

/// <summary>TCP ports of this machine, watched through the operating system so that watching disturbs no peer.</summary>
internal static class Ports
{
    // Below the range from which the system takes the ports of outgoing connections.
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int next = Random.Shared.Next(Count);

    /// <summary>A port that nothing listens on. For peers that must know a port before it is bound.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % Count);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }
    }

    public static bool IsOpen(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);

    /// <summary>How many connections the listener at <paramref name="port"/> has accepted and still holds.</summary>
    public static int Accepted(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Count(connection => connection.LocalEndPoint.Port == port && connection.State == TcpState.Established);
}
