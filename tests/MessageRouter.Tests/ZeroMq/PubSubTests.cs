using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

public class PubSubTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Delivers_the_first_message_whoever_binds_and_whoever_starts_first(bool pubBinds, bool pubFirst)
    {
        var endpoint = Zmq.FreeEndpoint();
        var source = new ProbeSource();
        var pub = pubBinds ? Zmq.Pub(bind: endpoint) : Zmq.Pub(connect: endpoint);
        var sub = pubBinds ? Zmq.Sub(connect: endpoint) : Zmq.Sub(bind: endpoint);

        await using var subscriber = pubFirst ? null : await Zmq.StartAsync(sub);
        await using var publisher = await Zmq.StartAsync(source.Input(), pub);
        source.SendNumbers(1, 100);
        await using var lateSubscriber = pubFirst ? await Zmq.StartAsync(sub) : null;

        var received = await (subscriber ?? lateSubscriber!).SinkAsync(100);
        Assert.Equal(Enumerable.Range(1, 100).Select(n => $$"""{"n":{{n}}}"""), received);
    }

    [Fact]
    public async Task Sends_to_every_subscriber_what_it_subscribes_to()
    {
        var source = new ProbeSource();
        await using var publisher = await Zmq.StartAsync(source.Input(), Zmq.Pub(bind: Zmq.AnyPort));
        await using var all = await Zmq.StartAsync(Zmq.Sub(connect: publisher.Endpoint()));
        source.Send("\"hello\"");
        await all.SinkAsync(1);
        await using var some = await Zmq.StartAsync(Zmq.Sub(null, publisher.Endpoint(), "\"b", "\"c"));
        do
        {
            source.Send("\"b\"");
            await all.SinkAsync(all.Recorded["outputs.sink"].Count + 1);
        }
        while (some["inputs.in"].In == 0);

        source.Send("\"a\"", "\"c\"");

        await Zmq.UntilAsync(() => some.Recorded["outputs.sink"].Any(message => message.ToString() == "\"c\""));
        Assert.DoesNotContain("\"a\"", some.Recorded["outputs.sink"].Select(message => message.ToString()));
        await Zmq.UntilAsync(() => all.Recorded["outputs.sink"].Any(message => message.ToString() == "\"a\""));
    }

    [Fact]
    public async Task A_subscriber_that_is_to_wait_loses_nothing_and_leaves_the_loss_to_the_publisher()
    {
        const int sent = 3000;
        var (source, gate) = (new ProbeSource(), new GateFilter.Options());
        var padding = new string('x', 10_000);
        await using var publisher = await Zmq.StartAsync(
            source.Input(), Zmq.Output(new ZeroMqOutput.Options { Engine = Zmq.Engine, Bind = [Zmq.AnyPort], HighWaterMark = 100 }));
        await using var subscriber = await Zmq.StartAsync(
            Zmq.Sub(connect: publisher.Endpoint()).Bounded(100, Overflow.Wait), Some.Component<GateFilter>("gate", gate).Capacity(100));

        for (var n = 1; n <= sent; n += 10) await source.Intake.AddAsync(MessageBatch.Of(Enumerable.Range(n, 10).Select(Padded))).WaitAsync(TestNode.Patience);
        await Zmq.UntilAsync(() => publisher["outputs.out"].In == sent);
        await Eventually.IsStableAsync(() => (int)subscriber["inputs.in"].In);
        Assert.InRange(subscriber["inputs.in"].In, 100, sent - 1);
        gate.Gate.Set();

        // Of what comes now the publisher still drops what it has no room for.
        var last = sent;
        await Eventually.IsTrueAsync(() =>
        {
            source.Intake.TryAdd(MessageBatch.Of(Padded(++last)));
            return Numbers() is { Count: > 0 } numbers && numbers[^1] > sent;
        });
        var received = Numbers();
        Assert.Equal(received.Order(), received);
        Assert.Empty(subscriber["inputs.in"].Dropped);
        Assert.Empty(subscriber["filters.gate"].Dropped);
        if (Zmq.Engine == WireEngine.Native) Assert.Contains(publisher.Log.Lines, line => line.Text.Contains("takes messages too slowly and has missed some", StringComparison.Ordinal));

        List<int> Numbers() => [.. subscriber.Recorded["outputs.sink"].Select(message => (int)message["n"]!)];
        Message Padded(int n) => source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}},"padding":"{{padding}}"}"""));
    }

    [Fact]
    public async Task A_subscriber_that_waits_stops_with_all_that_it_has_read()
    {
        var (source, gate) = (new ProbeSource(), new Gate());
        await using var publisher = await Zmq.StartAsync(source.Input(), Zmq.Pub(bind: Zmq.AnyPort));
        await using var subscriber = await Zmq.StartAsync(Zmq.Sub(connect: publisher.Endpoint()).Bounded(5, Overflow.Wait), gate.Output().Bounded(5, Overflow.Wait));
        for (var n = 1; n <= 500; n += 10) await source.Intake.AddAsync(Some.Batch(n, 10)).WaitAsync(TestNode.Patience);
        await Eventually.IsTrueAsync(() => subscriber["inputs.in"].Queued > 5);

        var stopping = subscriber.StopAsync();
        gate.Open();
        var ledger = await stopping;

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(subscriber["inputs.in"].In, subscriber["outputs.sink"].Out);
        Assert.Equal(Some.Texts(1, gate.Taken.Count), gate.Taken);
    }

    [Fact]
    public async Task Counts_every_message_that_nobody_subscribes_to()
    {
        var source = new ProbeSource();
        await using var publisher = await Zmq.StartAsync(source.Input(), Zmq.Pub(bind: Zmq.AnyPort));
        source.SendNumbers(1, 10);
        await Zmq.UntilAsync(() => publisher["outputs.out"].Queued == 10);

        publisher.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await Zmq.UntilAsync(() => publisher["outputs.out"].Dropped.GetValueOrDefault(DropReasons.NoSubscriber) == 10);
        source.SendNumbers(11, 5);
        await Zmq.UntilAsync(() => publisher["outputs.out"].Dropped.GetValueOrDefault(DropReasons.NoSubscriber) == 15);
        Assert.Equal(0, publisher["outputs.out"].Out);

        await using (var subscriber = await Zmq.StartAsync(Zmq.Sub(null, publisher.Endpoint(), "\"yes")))
        {
            var sent = publisher["outputs.out"].In;
            do
            {
                source.Send("\"yes\"");
                sent++;
                await DoneAsync(sent);
            }
            while (subscriber["inputs.in"].In == 0);
            var before = publisher["outputs.out"];
            source.Send("\"no\"", "\"yes\"", "\"no\"");
            await DoneAsync(before.In + 3);
            Assert.Equal(before.Out + 1, publisher["outputs.out"].Out);
            Assert.Equal(before.Dropped[DropReasons.NoSubscriber] + 2, publisher["outputs.out"].Dropped[DropReasons.NoSubscriber]);
        }

        Task DoneAsync(long sent) => Zmq.UntilAsync(() => publisher["outputs.out"] is var output && output.In == sent && output.Out + output.Dropped.Values.Sum() == sent);
    }

    [Fact]
    public async Task Drops_and_counts_what_a_slow_subscriber_has_no_room_for()
    {
        const int count = 5000;
        var gate = new GateFilter.Options();
        await using var subscriber = await Zmq.StartAsync(
            Zmq.Sub(bind: Zmq.AnyPort).Capacity(50), Some.Component<GateFilter>("gate", gate).Capacity(50));
        var source = new ProbeSource();
        await using var publisher = await Zmq.StartAsync(source.Input(), Zmq.Pub(connect: subscriber.Endpoint()));

        for (var from = 1; from <= count; from += 100) await source.Intake.AddAsync(Some.Batch(from, 100));
        await Zmq.UntilAsync(() => subscriber["inputs.in"].In == count);
        gate.Gate.Set();
        var ledger = await subscriber.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        var dropped = ledger.Components.Sum(line => line.Dropped.GetValueOrDefault(DropReasons.MailboxFull));
        Assert.InRange(dropped, count / 2, count);
        Assert.Equal(count, dropped + subscriber.Recorded["outputs.sink"].Count);
    }

    [Fact]
    public async Task Finds_its_publisher_again_when_that_comes_back()
    {
        var endpoint = Zmq.FreeEndpoint();
        await using var subscriber = await Zmq.StartAsync(Zmq.Sub(connect: endpoint));
        for (var run = 1; run <= 2; run++)
        {
            var source = new ProbeSource();
            await using var publisher = await Zmq.StartAsync(source.Input(), Zmq.Pub(bind: endpoint));
            source.SendNumbers(run, 1);
            await subscriber.SinkAsync(run);
        }
    }
}
