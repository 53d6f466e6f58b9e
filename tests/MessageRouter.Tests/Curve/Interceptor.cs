using System.Net;
using System.Net.Sockets;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Curve;

/// <summary>Somebody on the way between two peers, who sees each frame and may pass it on as it is, change it, keep it or send another one.</summary>
internal sealed class Interceptor : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly List<Socket> _sockets = [];
    private readonly Lock _lock = new();

    /// <param name="server">Where the server really is.</param>
    public Interceptor(IPEndPoint server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"tcp://{_listener.LocalEndpoint}";

    /// <summary>Of each connection what goes towards the server, by number: the greeting is 0. Gives what is sent on in its place.</summary>
    public Func<int, byte[], byte[][]> Up { get; set; } = (_, frame) => [frame];

    /// <summary>The same for what goes towards the client.</summary>
    public Func<int, byte[], byte[][]> Down { get; set; } = (_, frame) => [frame];

    /// <summary>How many bytes are sent at once; 0 for as many as there are.</summary>
    public int Piece { get; set; }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock) _sockets.ForEach(socket => socket.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                lock (_lock) _sockets.AddRange([client, server]);
                await server.ConnectAsync(_server);
                _ = PassAsync(client, server, (number, frame) => Up(number, frame));
                _ = PassAsync(server, client, (number, frame) => Down(number, frame));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task PassAsync(Socket from, Socket to, Func<int, byte[], byte[][]> change)
    {
        try
        {
            await SendAsync(to, change(0, await ReadAsync(from, 64)));
            for (var number = 1; ; number++)
            {
                var head = await ReadAsync(from, 2);
                var size = (long)head[1];
                if ((head[0] & FrameFlags.Long) != 0)
                {
                    head = [.. head, .. await ReadAsync(from, 7)];
                    size = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(1));
                }
                await SendAsync(to, change(number, [.. head, .. await ReadAsync(from, (int)size)]));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    private async Task SendAsync(Socket to, byte[][] frames)
    {
        foreach (var frame in frames)
        {
            var piece = Piece == 0 ? frame.Length : Piece;
            for (var at = 0; at < frame.Length; at += piece) await to.SendAsync(frame.AsMemory(at, Math.Min(piece, frame.Length - at)));
        }
    }

    private static async Task<byte[]> ReadAsync(Socket from, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await from.ReceiveAsync(bytes.AsMemory(at));
            if (read == 0) throw new EndOfStreamException();
            at += read;
        }
        return bytes;
    }
}
