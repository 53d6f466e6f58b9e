using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MessageRouter.Curve;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.InteropTests.Support;

/// <summary>Somebody who speaks CURVE with a node by himself, as far as he likes, and then does what he likes.</summary>
internal sealed class CurveIntruder : HandshakeChannel, IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ConnectionSecurity security;
    private int commands;

    private CurveIntruder(CurveKeys keys, string server) => security = CurveSecurity.Client(keys, server).For(accepted: false);

    public override string PeerName => "";

    public override CancellationToken Ended => CancellationToken.None;

    /// <summary>How many commands of the handshake are sent before there is silence.</summary>
    private int Most { get; init; } = int.MaxValue;

    /// <summary>Connects and goes on until some state of the handshake.</summary>
    /// <param name="port">The node's.</param>
    /// <param name="keys">His keys.</param>
    /// <param name="server">The node's public key.</param>
    /// <param name="bytes">Bytes of the greeting that are sent.</param>
    /// <param name="most">Commands that are sent.</param>
    /// <returns>Null where the node has refused him.</returns>
    public static async Task<CurveIntruder?> ConnectAsync(int port, CurveKeys keys, string server, int bytes = 64, int most = 0)
    {
        var intruder = new CurveIntruder(keys, server) { Most = most };
        try
        {
            await intruder.socket.ConnectAsync(IPAddress.Loopback, port);
            await intruder.socket.SendAsync(Greeting.Of(intruder.security).AsMemory(0, bytes));
            if (bytes < 64 || most == 0) return intruder;
            await intruder.ReadAsync(64);
            if (intruder.Most > 0) await intruder.security.ShakeHandsAsync(intruder, PeerMetadata.Of(PeerSocketType.Push, []));
            return intruder;
        }
        catch (SilenceException)
        {
            return intruder;
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            intruder.Dispose();
            return null;
        }
    }

    /// <summary>Connects, comes in, and says what he likes.</summary>
    /// <returns>False where the node did not let him.</returns>
    public static async Task<bool> SayAsync(int port, CurveKeys keys, string server, Func<IFrameCipher, byte[]> what)
    {
        using var intruder = new CurveIntruder(keys, server);
        try
        {
            await intruder.socket.ConnectAsync(IPAddress.Loopback, port);
            await intruder.socket.SendAsync(Greeting.Of(intruder.security));
            await intruder.ReadAsync(64);
            var shaken = await intruder.security.ShakeHandsAsync(intruder, PeerMetadata.Of(PeerSocketType.Push, []));
            await intruder.socket.SendAsync(what(shaken.Cipher!));
            while (await intruder.socket.ReceiveAsync(new byte[1024]) > 0)
            {
                // Until the node has enough of it.
            }
            return true;
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException or ZmtpException)
        {
            return false;
        }
    }

    /// <summary>Connects, says something, and listens until the node has enough of it.</summary>
    public static async Task ShoutAsync(int port, byte[] what)
    {
        using var shouting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await shouting.ConnectAsync(IPAddress.Loopback, port);
            await shouting.SendAsync(what);
            while (await shouting.ReceiveAsync(new byte[1024]) > 0)
            {
                // It is a greeting.
            }
        }
        catch (SocketException)
        {
            // Enough.
        }
    }

    public override async ValueTask SendAsync(byte[] frame)
    {
        if (commands++ == Most) throw new SilenceException();
        await socket.SendAsync(frame);
    }

    public override async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        if (commands == Most) throw new SilenceException();
        var header = await ReadAsync(FrameFlags.ShortestHeader);
        if ((header[0] & FrameFlags.Long) == 0) return await ReadAsync(header[1]);
        byte[] rest = await ReadAsync(FrameFlags.LongestHeader - FrameFlags.ShortestHeader);
        byte[] size = [header[1], .. rest];
        return await ReadAsync((int)BinaryPrimitives.ReadInt64BigEndian(size));
    }

    public void Dispose() => socket.Dispose();

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at));
            if (read == 0) throw new EndOfStreamException();
            at += read;
        }
        return bytes;
    }

    private sealed class SilenceException : Exception;
}
