using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MessageRouter.InteropTests.Support;

/// <summary>A raw TCP connection that says to a ZeroMQ port what no honest peer says.</summary>
internal sealed class Intruder : IDisposable
{
    private readonly TcpClient client = new();

    /// <summary>Thrown out so soon that it has seen that while it connected.</summary>
    private bool isThrownOut;

    private Intruder()
    {
    }

    public static byte[] Greeting { get; } =
        [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0, .. "NULL"u8, .. new byte[16], .. new byte[32]];

    public static byte[] SubscriptionToEverything { get; } = [0x00, 1, 1];

    /// <summary>Connects. Who is thrown out at once may see that already now; it is as if it had seen it a moment later.</summary>
    public static async Task<Intruder> Connect(int port)
    {
        var intruder = new Intruder();
        try
        {
            await intruder.client.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            intruder.isThrownOut = true;
        }
        catch
        {
            intruder.Dispose();
            throw;
        }
        return intruder;
    }

    /// <summary>The same, again where the system has cut it off before it was accepted.</summary>
    public static async Task<Intruder> ConnectAtLast(int port)
    {
        while (true)
        {
            var intruder = await Connect(port);
            if (!intruder.isThrownOut) return intruder;
            intruder.Dispose();
        }
    }

    /// <summary>A READY command whose property claims to be of another length than it is.</summary>
    public static byte[] ReadyClaiming(uint length) => Command("READY", "Socket-Type", length, "PUSH"u8.ToArray());

    /// <summary>The header of a long ZMTP 2 or 3 message frame.</summary>
    public static byte[] LongFrame(ulong length) => [0x02, .. BigEndian(length)];

    /// <summary>The header of a long ZMTP 1 frame.</summary>
    public static byte[] OldLongFrame(ulong length) => [0xFF, .. BigEndian(length), 0];

    /// <summary>Sends all of it, or as much as it can before it is thrown out for the beginning.</summary>
    public async Task Send(params byte[][] parts)
    {
        if (isThrownOut) return;
        try
        {
            foreach (var part in parts) await client.GetStream().WriteAsync(part);
        }
        catch (IOException hungUp) when (hungUp.InnerException is SocketException)
        {
            // Whatever waits for an answer sees it too.
        }
    }

    /// <summary>Exchanges greetings. libzmq refuses who does not wait for its greeting, or not always.</summary>
    public async Task Greet()
    {
        await Send(Greeting);
        await Receive(Greeting.Length);
    }

    /// <summary>Does what an honest peer does before its first message.</summary>
    public async Task Handshake(string socketType)
    {
        await Greet();
        await Send(Ready(socketType));
        var header = await Receive(2);
        await Receive(header[1]);
    }

    /// <summary>Waits until the other side has closed the connection.</summary>
    public async Task IsThrownOut()
    {
        while (await Read() > 0)
        {
            continue;
        }
    }

    /// <summary>Waits until the other side has either sent something or closed the connection.</summary>
    public Task IsServedOrThrownOut() => Read();

    /// <summary>Breaks the connection off without a goodbye.</summary>
    public void Reset()
    {
        if (!isThrownOut) client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close();
    }

    public void Dispose() => client.Dispose();

    private static byte[] Ready(string socketType) => Command("READY", "Socket-Type", (uint)socketType.Length, Encoding.ASCII.GetBytes(socketType));

    private static byte[] Command(string name, string property, uint claimedLength, byte[] value)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, claimedLength);
        byte[] body =
        [
            (byte)name.Length, .. Encoding.ASCII.GetBytes(name),
            (byte)property.Length, .. Encoding.ASCII.GetBytes(property), .. length, .. value,
        ];
        return [0x04, (byte)body.Length, .. body];
    }

    private static byte[] BigEndian(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private async Task<int> Read()
    {
        if (isThrownOut) return 0;
        using var timeout = new CancellationTokenSource(Peer.Patience);
        try
        {
            return await client.GetStream().ReadAsync(new byte[4096], timeout.Token);
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            // Closed with data unread, which is a way to throw somebody out.
            return 0;
        }
    }

    private async Task<byte[]> Receive(int count)
    {
        if (isThrownOut) throw new EndOfStreamException("It was thrown out while it connected.");
        using var timeout = new CancellationTokenSource(Peer.Patience);
        var bytes = new byte[count];
        await client.GetStream().ReadExactlyAsync(bytes, timeout.Token);
        return bytes;
    }
}
