using System.Net;
using System.Net.Sockets;
using System.Text;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

public class HostilePeerTests
{
    [Fact]
    public async Task Garbage_does_not_stop_a_good_peer()
    {
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var garbage = new byte[random.Next(1, 2000)];
            random.NextBytes(garbage);
            await WriteAsync(receiver.Port(), garbage);
        }
        await WriteAsync(receiver.Port(), Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"));
        using var halfOpen = await ConnectAsync(receiver.Port());

        await AssertTakesFromGoodPeer(receiver);
    }

    [Fact]
    public async Task A_frame_over_the_limit_ends_only_its_own_connection()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(LimitedPull());
        await using var sender = await Zmq.StartAsync(source.Input().Raw(), Zmq.Push(connect: receiver.Endpoint()).Raw());
        source.Intake.TryAdd(MessageBatch.Of(source.Intake.NewMessage(new byte[2000])));
        await Zmq.UntilAsync(() => sender["outputs.out"].Out == 1);

        await AssertTakesFromGoodPeer(receiver);
        Assert.DoesNotContain(receiver.Recorded["outputs.sink"], message => message.Size == 2000);
        await Zmq.UntilAsync(() => receiver.Log.Lines.Any(line => line.Text.Contains("has ended") && line.Text.Contains("max-message-size")));
    }

    [Fact]
    public async Task Frames_that_are_too_large_together_end_their_connection_and_are_counted()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(LimitedPull());
        await using var sender = await Zmq.StartAsync(source.Input().Raw(), Zmq.Push(connect: receiver.Endpoint()).Raw());

        source.Intake.TryAdd(MessageBatch.Of(
            source.Intake.NewMessage(new byte[500], [new byte[500]]),
            source.Intake.NewMessage(new byte[500], [new byte[300], new byte[201]])));

        await Zmq.UntilAsync(() => receiver["inputs.in"].Dropped.GetValueOrDefault(DropReasons.TooLarge) == 1);
        await receiver.SinkAsync(1);
        Assert.Equal(2, receiver["inputs.in"].In);
        Assert.Contains(receiver.Log.Lines, line => line.Text.Contains("1001 bytes") && line.Text.Contains("max-message-size"));
        await AssertTakesFromGoodPeer(receiver);
    }

    [Fact]
    public async Task A_publisher_outlives_enormous_subscriptions_and_messages_from_its_subscribers()
    {
        var source = new ProbeSource();
        await using var publisher = await Zmq.StartAsync(source.Input(), Zmq.Pub(bind: Zmq.AnyPort));
        using var peer = await ConnectAsync(publisher.Port());
        var stream = peer.GetStream();
        await stream.WriteAsync(Greeting("SUB"));
        await stream.WriteAsync(LongFrame([1, .. new byte[100_000]]));

        using var other = await ConnectAsync(publisher.Port());
        stream = other.GetStream();
        await stream.WriteAsync(Greeting("XSUB"));
        for (var i = 0; i < 1000; i++) await stream.WriteAsync(LongFrame(new byte[] { 7, 7, 7 }));

        await using var subscriber = await Zmq.StartAsync(Zmq.Sub(connect: publisher.Endpoint()));
        source.SendNumbers(1, 1);
        await subscriber.SinkAsync(1);
    }

    [Fact]
    public async Task A_worker_that_reads_nothing_holds_up_no_others_and_what_it_was_not_written_is_told_at_the_end()
    {
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(TimeSpan.FromSeconds(10), source.Input().Raw(), Zmq.Push(bind: Zmq.AnyPort).Raw());
        using var idle = await ConnectAsync(sender.Port());
        await idle.GetStream().WriteAsync(Greeting("PULL"));
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(connect: sender.Endpoint()).Raw());
        await Zmq.UntilAsync(() => sender["outputs.out"].Workers!.Count == 2);

        // Each of the two gets its share, and the idle one's is more than its connection can hold.
        var payload = new byte[1_000_000];
        for (var sent = 1; sent <= 80 || receiver["inputs.in"].In < 10; sent++)
        {
            await source.Intake.AddAsync(MessageBatch.Of(source.Intake.NewMessage(payload)));
            await Zmq.UntilAsync(() => sender["outputs.out"].In == sent);
        }
        await Zmq.UntilAsync(() => sender["outputs.out"].Workers!.Any(worker => worker is { Queued: 0, Out: >= 10 }));

        Assert.False(await sender.StopWhileTimePassesAsync());
        var line = sender["outputs.out"];
        Assert.True(sender.Node.Ledger().Balanced);
        Assert.InRange(line.Dropped[DropReasons.Shutdown], 1, 79);
        Assert.Equal(line.In, line.Out + line.Dropped[DropReasons.Shutdown]);
    }

    private static ComponentDefinition LimitedPull() =>
        Zmq.Input(new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort], MaxMessageSize = 1000 }).Raw();

    private static async Task AssertTakesFromGoodPeer(TestNode receiver)
    {
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: receiver.Endpoint()));
        source.SendNumbers(1, 10);
        await Zmq.UntilAsync(() => receiver.Recorded["outputs.sink"].Count(message => message.ToString().StartsWith("""{"n":""")) == 10);
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    private static async Task WriteAsync(int port, byte[] bytes)
    {
        using var client = await ConnectAsync(port);
        try
        {
            await client.GetStream().WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The peer has closed already, which is as good.
        }
    }

    /// <summary>A ZMTP 3.0 greeting with the NULL mechanism, and READY.</summary>
    private static byte[] Greeting(string socketType)
    {
        var greeting = new byte[64];
        greeting[0] = 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = 3;
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        byte[] ready = [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, (byte)socketType.Length, .. Encoding.ASCII.GetBytes(socketType)];
        return [.. greeting, 4, (byte)ready.Length, .. ready];
    }

    private static byte[] LongFrame(byte[] body)
    {
        var size = BitConverter.GetBytes((long)body.Length);
        Array.Reverse(size);
        return [2, .. size, .. body];
    }
}
