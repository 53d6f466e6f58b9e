using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Zmtp;

/// <summary>The other end of a connection, byte by byte.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;

    private RawPeer(Socket socket) => _socket = socket;

    public static byte[] Greeting { get; } = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1, .. "NULL"u8, .. new byte[48]];

    public static Task<RawPeer> ConnectAsync(PeerProbe probe, int? receiveBuffer = null) => ConnectAsync(probe.Address, receiveBuffer);

    public static async Task<RawPeer> ConnectAsync(IPEndPoint address, int? receiveBuffer = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size) socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(address);
        return new RawPeer(socket);
    }

    /// <summary>A peer that has connected and introduced itself.</summary>
    public static async Task<RawPeer> IntroducedAsync(PeerProbe probe, string socketType, int? receiveBuffer = null)
    {
        var peer = await ConnectAsync(probe, receiveBuffer);
        await peer.IntroduceAsync(socketType);
        return peer;
    }

    /// <summary>A SUB socket that has introduced itself and subscribes to a prefix.</summary>
    public static async Task<RawPeer> SubscribedAsync(IPEndPoint address, string prefix, int? receiveBuffer = null)
    {
        var peer = await ConnectAsync(address, receiveBuffer);
        await peer.IntroduceAsync("SUB");
        await peer.SendAsync(Frame([1, .. Encoding.UTF8.GetBytes(prefix)]));
        return peer;
    }

    public static async Task<RawPeer> AcceptAsync(TcpListener listener) =>
        new(await listener.AcceptSocketAsync().WaitAsync(TestNode.Patience));

    public static byte[] Ready(string socketType, byte[]? identity = null) =>
        Command("READY", [.. Property("Socket-Type", Encoding.ASCII.GetBytes(socketType)), .. identity is null ? [] : Property("Identity", identity)]);

    public static byte[] Property(string name, byte[] value, uint? length = null)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(size, length ?? (uint)value.Length);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. size, .. value];
    }

    public static byte[] Command(string name, byte[] body)
    {
        byte[] whole = [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. body];
        return whole.Length <= 255 ? [4, (byte)whole.Length, .. whole] : [6, .. Size((ulong)whole.Length), .. whole];
    }

    public static byte[] Frame(byte[] body, bool more = false) =>
        body.Length <= 255 ? [more ? (byte)1 : (byte)0, (byte)body.Length, .. body] : [.. LongHeader((ulong)body.Length, more), .. body];

    public static byte[] LongHeader(ulong size, bool more = false) => [more ? (byte)3 : (byte)2, .. Size(size)];

    public async Task IntroduceAsync(string socketType, byte[]? identity = null)
    {
        await SendAsync(Greeting, Ready(socketType, identity));
        await ReceiveAsync(64);
        var header = await ReceiveAsync(2);
        await ReceiveAsync(header[1]);
    }

    public async Task SendAsync(params byte[][] parts)
    {
        foreach (var part in parts) await _socket.SendAsync(part);
    }

    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await _socket.ReceiveAsync(bytes.AsMemory(at)).AsTask().WaitAsync(TestNode.Patience);
            if (read == 0) throw new EndOfStreamException($"The connection ended after {at} of {count} bytes.");
            at += read;
        }
        return bytes;
    }

    /// <summary>The body of the next frame, which has one byte for its length.</summary>
    public async Task<byte[]> ReceiveFrameAsync() => await ReceiveAsync((await ReceiveAsync(2))[1]);

    /// <summary>Everything up to the connection's end, whether it is closed or reset.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            while (await _socket.ReceiveAsync(buffer).WaitAsync(TestNode.Patience) is > 0 and var count) all.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // Reset, which is an end too.
        }
        return all.ToArray();
    }

    /// <summary>Ends as the connection of a killed process does that had unread data.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Size(ulong size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, size);
        return bytes;
    }
}
