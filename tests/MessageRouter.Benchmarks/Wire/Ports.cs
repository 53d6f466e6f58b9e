using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>TCP ports of this machine.</summary>
internal static class Ports
{
    // Below the range from which the system takes the ports of outgoing connections.
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int next = Random.Shared.Next(Count);

    /// <summary>A port that nothing listens on.</summary>
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
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }
}
