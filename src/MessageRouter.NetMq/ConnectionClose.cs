using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using AsyncIO;

namespace MessageRouter.NetMq;

/// <summary>
/// Has a connection end as TCP connections should: with what was written still arriving. NetMQ always has a receive
/// pending, and .NET resets a connection that is closed with one, which throws away everything the peer's machine has
/// not yet taken, unless the socket was shut down first. NetMQ does not do that, so .NET is told that it had.
/// </summary>
/// <remarks>
/// See <c>SafeSocketHandle.CloseHandle</c> in dotnet/runtime. Should a version of .NET or NetMQ look otherwise inside,
/// closing is as abrupt as it was without this.
/// </remarks>
internal static class ConnectionClose
{
    private static readonly FieldInfo? Inner =
        typeof(AsyncSocket).Assembly.GetType("AsyncIO.DotNet.NativeSocket")?.GetField("m_socket", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Whether it works with the libraries at hand.</summary>
    public static bool IsSupported { get; } = Inner is not null
        && typeof(SafeSocketHandle).GetMethod("TrackShutdown", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(SocketShutdown)]) is not null;

    /// <summary>Prepares a connection that NetMQ has just opened or accepted.</summary>
    public static void MakeGraceful(AsyncSocket? connection)
    {
        if (connection is null || !IsSupported || Inner!.GetValue(connection) is not Socket socket) return;
        try
        {
            TrackShutdown(socket.SafeHandle, SocketShutdown.Send);
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TrackShutdown")]
    private static extern void TrackShutdown(SafeSocketHandle handle, SocketShutdown how);
}
