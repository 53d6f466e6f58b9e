using System.Net;
using System.Net.Sockets;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>What the router's own engine does beyond what NetMQ can.</summary>
public class NativeEngineTests
{
    [Fact]
    public async Task Gives_each_worker_the_same_share()
    {
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(bind: Zmq.AnyPort));
        await using var one = await Zmq.StartAsync(Zmq.Pull(connect: sender.Endpoint()));
        await using var other = await Zmq.StartAsync(Zmq.Pull(connect: sender.Endpoint()));
        await ConnectedAsync(sender, 2);

        source.SendNumbers(1, 1000);
        await Zmq.UntilAsync(() => one["inputs.in"].In + other["inputs.in"].In == 1000);

        Assert.Equal((500, 500), (one["inputs.in"].In, other["inputs.in"].In));
    }

    [Fact]
    public async Task What_was_not_written_to_a_worker_that_goes_away_goes_to_another()
    {
        const int count = 300;
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(source.Input().Raw(), Zmq.Push(bind: Zmq.AnyPort).Raw());
        using (var readsNothing = new TcpClient())
        {
            await readsNothing.ConnectAsync(IPAddress.Loopback, sender.Port());
            await readsNothing.GetStream().WriteAsync((byte[])[.. RawPeer.Greeting, .. RawPeer.Ready("PULL")]);

            // Thirty megabytes: far more than the buffers of a connection hold.
            for (var n = 1; n <= count; n++) await source.Intake.AddAsync(MessageBatch.Of(source.Intake.NewMessage(Numbered(n))));
            await Zmq.UntilAsync(() => sender["outputs.out"] is { In: count, Out: > 0 });
        }

        await using var next = await Zmq.StartAsync(Zmq.Pull(connect: sender.Endpoint()).Raw());
        await Zmq.UntilAsync(() => next.Recorded["outputs.sink"].LastOrDefault() is { } last && NumberOf(last) == count);

        var numbers = next.Recorded["outputs.sink"].Select(NumberOf).ToArray();
        Assert.Equal(Enumerable.Range(count - numbers.Length + 1, numbers.Length), numbers);
        Assert.InRange(numbers.Length, count / 3, count);
        await Zmq.UntilAsync(() => sender["outputs.out"].Out == count);
    }

    [Fact]
    public async Task Says_why_a_connection_has_ended()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using (await Zmq.StartAsync(source.Input(), Zmq.Push(connect: receiver.Endpoint())))
        {
            source.SendNumbers(1, 1);
            await receiver.SinkAsync(1);
        }

        await Zmq.UntilAsync(() => receiver.Log.Lines.Any(line => line.Text.Contains("has ended. The peer has closed the connection.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_counted_beside_those_before_it()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(
            Zmq.Input(new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort], MaxMessageSize = 1000 }).Raw());
        await using var sender = await Zmq.StartAsync(source.Input().Raw(), Zmq.Push(connect: receiver.Endpoint()).Raw());

        source.Intake.TryAdd(MessageBatch.Of(source.Intake.NewMessage(new byte[10]), source.Intake.NewMessage(new byte[1001])));

        await Zmq.UntilAsync(() => receiver["inputs.in"].Dropped.GetValueOrDefault(DropReasons.TooLarge) == 1);
        await receiver.SinkAsync(1);
    }

    private static byte[] Numbered(int number)
    {
        var bytes = new byte[100_000];
        BitConverter.TryWriteBytes(bytes, number);
        return bytes;
    }

    private static int NumberOf(Message message) => BitConverter.ToInt32(message.Payload.Span);

    private static Task ConnectedAsync(TestNode sender, int count) =>
        Zmq.UntilAsync(() => sender.Log.Lines.Count(line => line.Text.Contains("is connected; workers are there now", StringComparison.Ordinal)) >= count);
}
