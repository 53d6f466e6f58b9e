using System.Net.Sockets;

namespace MessageRouter.Zmtp;

/// <summary>Whether the machine at the other end still answers, whatever the program there does.</summary>
internal static class HostAnswer
{
    private const int Tcp = 6;

    /// <summary>TCP_INFO of Linux.</summary>
    private const int TcpInfo = 11;

    /// <summary>In it, how often in a row data and probes were sent again without an answer.</summary>
    private const int RetransmitsAt = 2, ProbesAt = 3;

    /// <summary>One or two are lost on any network.</summary>
    private const int Many = 3;

    /// <summary>Whether it has left several tries in a row unanswered; false where the system does not tell.</summary>
    public static bool IsMissing(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return false;
        Span<byte> info = stackalloc byte[8];
        try
        {
            return socket.GetRawSocketOption(Tcp, TcpInfo, info) > ProbesAt && (info[RetransmitsAt] >= Many || info[ProbesAt] >= Many);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
