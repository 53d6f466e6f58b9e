using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>What the operating system still has of what was written to a connection.</summary>
internal static class SendQueue
{
    /// <summary>SIOCOUTQ of Linux.</summary>
    private const nuint OutQueue = 0x5411;

    /// <summary>Bytes that the peer's machine has not confirmed; 0 where the system does not tell.</summary>
    public static long Unconfirmed(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return 0;
        var taken = false;
        var handle = socket.SafeHandle;
        try
        {
            handle.DangerousAddRef(ref taken);
            return Ioctl((int)handle.DangerousGetHandle(), OutQueue, out var bytes) == 0 ? bytes : 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
        finally
        {
            if (taken) handle.DangerousRelease();
        }
    }

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Ioctl(int descriptor, nuint request, out int value);
}
