using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>A connection to a node over which another one's name is said as Akka.Remote does, and then nothing more: what is left where the other end has given it up and this one was not told.</summary>
/// <remarks>The frames are those of Akka.NET's <c>WireFormats.proto</c>, with a length in front.</remarks>
internal sealed class SilentAssociation : IDisposable
{
    private readonly TcpClient _client = new();

    private SilentAssociation()
    {
    }

    /// <param name="port">Where the node listens for the cluster.</param>
    /// <param name="other">Where the node listens that it is said to be.</param>
    public static async Task<SilentAssociation> OpenAsync(int port, int other)
    {
        var association = new SilentAssociation();
        await association._client.ConnectAsync(IPAddress.Loopback, port);
        await association._client.GetStream().WriteAsync(Associate(other));
        return association;
    }

    /// <summary>Waits until the node has answered and sends what is meant for the other one.</summary>
    public async Task IsUsedAsync()
    {
        for (var frames = 0; frames < 2; frames++)
        {
            var length = new byte[sizeof(int)];
            await _client.GetStream().ReadExactlyAsync(length);
            await _client.GetStream().ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32LittleEndian(length)]);
        }
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Associate(int port)
    {
        byte[] address = [.. Field(1, "message-router"u8), .. Field(2, "127.0.0.1"u8), 3 << 3, .. Number(port), .. Field(4, "akka.tcp"u8)];
        byte[] handshake = [.. Field(1, address), 2 << 3 | 1, 1, 0, 0, 0, 0, 0, 0, 0];
        byte[] instruction = [1 << 3, 1, .. Field(2, handshake)];
        var message = Field(2, instruction);
        return [(byte)message.Length, 0, 0, 0, .. message];
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> body) => [(byte)(number << 3 | 2), (byte)body.Length, .. body];

    private static byte[] Number(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Number(value >> 7)];
}
