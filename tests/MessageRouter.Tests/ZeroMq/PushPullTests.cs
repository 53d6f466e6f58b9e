using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

public class PushPullTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Loses_nothing_whoever_binds_and_whoever_starts_first(bool pullBinds, bool pullFirst)
    {
        var endpoint = Zmq.FreeEndpoint();
        var source = new ProbeSource();
        var pull = pullBinds ? Zmq.Pull(bind: endpoint) : Zmq.Pull(connect: endpoint);
        var push = pullBinds ? Zmq.Push(connect: endpoint) : Zmq.Push(bind: endpoint);

        await using var first = pullFirst ? await Zmq.StartAsync(pull) : await Zmq.StartAsync(source.Input(), push);
        if (!pullFirst) source.SendNumbers(1, 500);
        await using var second = pullFirst ? await Zmq.StartAsync(source.Input(), push) : await Zmq.StartAsync(pull);
        source.SendNumbers(pullFirst ? 1 : 501, 500);

        var count = pullFirst ? 500 : 1000;
        var received = await (pullFirst ? first : second).SinkAsync(count);
        Assert.Equal(Enumerable.Range(1, count).Select(n => $$"""{"n":{{n}}}"""), received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Holds_messages_while_there_is_no_worker(bool pushBinds)
    {
        var source = new ProbeSource();
        var endpoint = Zmq.FreeEndpoint();
        await using var sender = await Zmq.StartAsync(source.Input(), pushBinds ? Zmq.Push(bind: endpoint) : Zmq.Push(connect: endpoint));

        await source.Intake.AddAsync(Some.Batch(1, 5));
        await Zmq.UntilAsync(() => sender["outputs.out"].Queued == 5);

        await using var receiver = await Zmq.StartAsync(pushBinds ? Zmq.Pull(connect: endpoint) : Zmq.Pull(bind: endpoint));
        await receiver.SinkAsync(5);
        await Zmq.UntilAsync(() => sender["outputs.out"].Out == 5);
    }

    [Fact]
    public async Task Drops_and_counts_what_is_larger_than_may_be_sent()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var options = new ZeroMqOutput.Options { SocketType = SenderSocket.Push, Connect = [receiver.Endpoint()], MaxMessageSize = 10 };
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Output(options));

        source.Send("""{"n":1}""", """{"n":1000000}""", """{"n":2}""");

        Assert.Equal(["""{"n":1}""", """{"n":2}"""], await receiver.SinkAsync(2));
        await Zmq.UntilAsync(() => sender["outputs.out"].Dropped.GetValueOrDefault("too-large") == 1);
        Assert.Contains(sender.Log.Lines, line => line.Text.Contains("larger than max-message-size, 10 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeps_every_frame_of_multipart_messages()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort).Raw());
        await using var sender = await Zmq.StartAsync(source.Input().Raw(), Zmq.Push(connect: receiver.Endpoint()).Raw());

        byte[] storage = [9, 9, 1, 2, 3, 9];
        source.Intake.TryAdd(MessageBatch.Of(
            source.Intake.NewMessage(storage.AsMemory(2, 3), [Array.Empty<byte>(), storage.AsMemory(3, 1), new byte[300]]),
            source.Intake.NewMessage(Array.Empty<byte>()),
            source.Intake.NewMessage(Array.Empty<byte>(), [Array.Empty<byte>()]),
            source.Intake.NewMessage(new byte[] { 7 })));

        await receiver.SinkAsync(4);
        var received = receiver.Recorded["outputs.sink"];
        Assert.Equal([1, 2, 3], received[0].Payload.ToArray());
        Assert.Equal([0, 1, 300], received[0].LeadingFrames.Select(frame => frame.Length));
        Assert.Equal([2], received[0].LeadingFrames[1].ToArray());
        Assert.Equal(0, received[1].Size);
        Assert.Empty(received[1].LeadingFrames);
        Assert.Single(received[2].LeadingFrames);
        Assert.Equal([7], received[3].Payload.ToArray());
    }

    [Fact]
    public async Task Carries_large_messages_unchanged()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort).Raw());
        await using var sender = await Zmq.StartAsync(source.Input().Raw(), Zmq.Push(connect: receiver.Endpoint()).Raw());
        var large = new byte[10_000_000];
        new Random(1).NextBytes(large);

        source.Intake.TryAdd(MessageBatch.Of(source.Intake.NewMessage(large), source.Intake.NewMessage(new byte[] { 1 })));

        await receiver.SinkAsync(2);
        Assert.True(receiver.Recorded["outputs.sink"][0].Payload.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task Loses_nothing_when_the_receiver_is_slower_and_keeps_its_memory_bounded()
    {
        const int count = 20_000;
        TestNode? receiver = null;
        long most = 0;
        var gate = new GateFilter.Options
        {
            Seen = _ => most = Math.Max(most, receiver!["inputs.in"].Queued + receiver["filters.gate"].Queued),
        };
        await using var slow = receiver = await Zmq.StartAsync(
            Zmq.Pull(bind: Zmq.AnyPort).Capacity(100), Some.Component<GateFilter>("gate", gate).Capacity(100));
        var source = new ProbeSource();
        await using var sender = await Zmq.StartAsync(source.Input().Capacity(100), Zmq.Push(connect: slow.Endpoint()).Capacity(100));

        var sending = Task.Run(async () =>
        {
            for (var from = 1; from <= count; from += 100) await source.Intake.AddAsync(Some.Batch(from, 100));
        });
        await Zmq.UntilAsync(() => slow["inputs.in"].In >= 100);
        gate.Gate.Set();
        await sending.WaitAsync(TestNode.Patience);

        Assert.Equal(Enumerable.Range(1, count).Select(n => $$"""{"n":{{n}}}"""), await slow.SinkAsync(count));
        Assert.InRange(most, 1, 1200);
    }

    [Fact]
    public async Task Goes_on_when_the_peer_comes_back()
    {
        var source = new ProbeSource();
        var endpoint = Zmq.FreeEndpoint();
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: endpoint));
        await using (var before = await Zmq.StartAsync(Zmq.Pull(bind: endpoint)))
        {
            source.SendNumbers(1, 10);
            await before.SinkAsync(10);
        }

        await using var after = await Zmq.StartAsync(Zmq.Pull(bind: endpoint));

        // What is written to the old connection before that is known to have ended is lost.
        await Eventually.IsTrueAsync(() =>
        {
            source.SendNumbers(11, 1);
            return after["inputs.in"].In > 0;
        });
        source.SendNumbers(12, 10);
        await Eventually.IsTrueAsync(() => after.Texts("outputs.sink") is [.., """{"n":21}"""]);
    }

    [Fact]
    public async Task Hands_everything_to_the_socket_before_it_stops()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using (await Zmq.StartAsync(source.Input(), Zmq.Push(connect: receiver.Endpoint())))
        {
            for (var from = 1; from <= 5000; from += 500) source.SendNumbers(from, 500);
        }
        await receiver.SinkAsync(5000);
    }
}
