using System.Buffers;
using System.Text;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>An application never stops because of its messages, and no message is lost without a count.</summary>
public sealed class MessageClientTests
{
    private const string Nowhere = "tcp://127.0.0.1:9";

    [Fact]
    public async Task What_is_sent_arrives_in_order()
    {
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0]);

        for (var n = 1; n <= 5000; n++) Assert.True(client.TrySend(Json(n)));
        Assert.True(client.TrySend(5001, (n, buffer) => buffer.Write(Json(n))));

        Assert.Equal(Enumerable.Range(1, 5001).Select(n => $$"""{"n":{{n}}}"""), await ReceiveAsync(pull, 5001));
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal((5001, 0, 0), Counts(client));
    }

    [Fact]
    public async Task Large_and_small_messages_keep_their_bytes()
    {
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0]);
        int[] sizes = [0, 1, 254, 255, 256, 16_000, 16_384, 16_385, 65_000, 70_000, 500_000, 3, 64_000, 2];

        foreach (var size in sizes) Assert.True(client.TrySend(Some(size)));

        Assert.Equal(sizes.Select(size => Encoding.Latin1.GetString(Some(size))), await ReceiveAsync(pull, sizes.Length));
    }

    [Fact]
    public async Task With_the_node_away_from_the_start_the_newest_give_way_and_the_next_that_arrives_says_how_many()
    {
        await using var client = Away(capacity: 10, ClientOverflow.DropNewest, out var endpoint);

        List<int> accepted = [.. Enumerable.Range(1, 20_000).Where(n => client.TrySend(Json(n)))];
        var dropped = 20_000 - accepted.Count;
        Assert.Equal(Enumerable.Range(1, 10), accepted);
        Assert.Equal(dropped, client.Statistics.DroppedBecause(DropReason.Full));

        await using var pull = new PullSocket(new ZmtpOptions { Bind = [endpoint] });
        var received = await ReceiveAsync(pull, accepted.Count);
        Assert.True(client.TrySend(Json(0)));
        received.AddRange(await ReceiveAsync(pull, 1));

        Assert.Equal(dropped, received.Sum(Told));
        Assert.Equal(accepted.Append(0).Select(n => $"\"n\":{n}}}"), received.Select(text => text[text.IndexOf("\"n\"", StringComparison.Ordinal)..]));
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal((accepted.Count + 1, 0, dropped), Counts(client));
    }

    [Fact]
    public async Task The_oldest_give_way_where_that_is_said()
    {
        await using var client = Away(capacity: 5, ClientOverflow.DropOldest, out var endpoint);

        for (var n = 1; n <= 10_000; n++) Assert.True(client.TrySend(Json(n)));
        Assert.Equal((5, 9_995), (client.Statistics.Waiting, client.Statistics.Dropped));

        await using var pull = new PullSocket(new ZmtpOptions { Bind = [endpoint] });
        var received = await ReceiveAsync(pull, 5);
        Assert.Equal(Enumerable.Range(9_996, 5).Select(n => $"\"n\":{n}}}"), received.Select(text => text[text.IndexOf("\"n\"", StringComparison.Ordinal)..]));
        Assert.Equal(9_995, received.Sum(Told));
    }

    [Fact]
    public async Task At_no_moment_is_a_message_in_two_counts_or_in_none()
    {
        const int all = 100_000;
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { Capacity = 500, Overflow = ClientOverflow.DropOldest });
        using var over = new CancellationTokenSource();
        var receiving = Task.Run(async () =>
        {
            await foreach (var batch in pull.ReadAllAsync(over.Token)) Assert.NotEqual(0, batch.Count);
        });

        var begun = 0L;
        var sending = Task.Run(() =>
        {
            for (var n = 1; n <= all; n++)
            {
                Interlocked.Increment(ref begun);
                client.TrySend(Json(n));
            }
        });
        var last = 0L;
        while (!sending.IsCompleted)
        {
            var counted = Total(client.Statistics);
            Assert.InRange(counted, last, Interlocked.Read(ref begun));
            last = counted;
        }
        await sending;
        await Eventually.IsTrueAsync(() =>
        {
            Assert.Equal(all, Total(client.Statistics));
            return client.Statistics.Waiting == 0;
        });
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);

        static long Total(MessageClientStatistics statistics) => statistics.Sent + statistics.Waiting + statistics.Dropped;
    }

    [Fact]
    public async Task A_message_that_is_no_object_is_not_touched()
    {
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { MaxMessageSize = 10 });

        Assert.False(client.TrySend(Some(11)));
        client.TrySend("text"u8);
        Assert.Equal(["text"], await ReceiveAsync(pull, 1));
        client.TrySend("{ }"u8);
        Assert.Equal(["""{"dropped":1 }"""], await ReceiveAsync(pull, 1));
        client.TrySend("""{"a":1}"""u8);
        Assert.Equal(["""{"a":1}"""], await ReceiveAsync(pull, 1));
        Assert.Equal(1, client.Statistics.DroppedBecause(DropReason.TooLarge));
    }

    [Fact]
    public async Task Losses_are_not_told_where_that_is_said()
    {
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { MaxMessageSize = 10, TellLosses = false });

        client.TrySend(Some(11));
        client.TrySend("""{"a":1}"""u8);

        Assert.Equal(["""{"a":1}"""], await ReceiveAsync(pull, 1));
    }

    [Fact]
    public async Task A_callback_that_fails_costs_its_own_message()
    {
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { TellLosses = false });

        Assert.False(client.TrySend(0, (_, buffer) =>
        {
            buffer.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.True(client.TrySend(client, (again, buffer) =>
        {
            again.TrySend(0, (_, inner) => inner.Write("inner"u8));
            buffer.Write("outer"u8);
        }));

        Assert.Equal(["inner", "outer"], await ReceiveAsync(pull, 2));
        Assert.Equal(1, client.Statistics.DroppedBecause(DropReason.Failed));
    }

    [Fact]
    public async Task What_is_written_when_it_leaves_stands_between_its_neighbours_and_fails_alone()
    {
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { TellLosses = false, MaxMessageSize = 10 });

        for (var n = 0; n < 2000; n += 2)
        {
            var next = n + 1;
            client.TrySend(Json(n));
            client.TryDefer(new Later(() => Json(next)));
            client.TryDefer(new Later(() => Some(11)));
            client.TryDefer(new Later(() => throw new InvalidOperationException()));
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(n => $$"""{"n":{{n}}}"""), await ReceiveAsync(pull, 2000));
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal((2000, 0, 2000), Counts(client));
        Assert.Equal((1000, 1000), (client.Statistics.DroppedBecause(DropReason.TooLarge), client.Statistics.DroppedBecause(DropReason.Failed)));
    }

    [Fact]
    public async Task Of_ten_threads_every_message_is_accounted_for()
    {
        const int threads = 10, each = 5000;
        await using var pull = Puller();
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { Capacity = 1000 });

        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (var n = 0; n < each; n++)
            {
                if (client.TrySend(Json(n))) Interlocked.Increment(ref accepted);
            }
        })));

        Assert.Equal(accepted, (await ReceiveAsync(pull, accepted)).Count);
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal((accepted, 0, (threads * each) - accepted), Counts(client));
    }

    [Fact]
    public async Task A_publisher_drops_what_nobody_wants_and_says_so_to_who_comes()
    {
        await using var sub = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "{");
        await using var client = new MessageClient(sub.Endpoints[0], new MessageClientOptions { Socket = ClientSocket.Pub });
        await Eventually.IsTrueAsync(() =>
        {
            client.TrySend("""{"n":0}"""u8);
            return sub.Statistics.Received > 0;
        });
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        client.TrySend("unwanted"u8);
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        var lost = client.Statistics.DroppedBecause(DropReason.NotWanted);

        client.TrySend("""{"n":1}"""u8);

        Assert.NotEqual(0, lost);
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var told = 0L;
        await foreach (var batch in sub.ReadAllAsync(patience.Token))
        {
            foreach (var message in batch) told += Told(Encoding.UTF8.GetString(message.Payload.Span));
            if (Encoding.UTF8.GetString(batch[batch.Count - 1].Payload.Span).EndsWith("\"n\":1}", StringComparison.Ordinal)) break;
        }
        Assert.Equal(lost, told);
    }

    [Fact]
    public async Task Disposing_counts_what_has_not_left_and_takes_nothing_more()
    {
        var client = Away(capacity: 100_000, ClientOverflow.DropNewest, out _, linger: TimeSpan.FromMilliseconds(50));
        for (var n = 0; n < 5000; n++) client.TrySend(Json(n));

        await client.DisposeAsync().AsTask().WaitAsync(TestNode.Patience);

        Assert.Equal((0, 0, 5000), Counts(client));
        Assert.Equal(5000, client.Statistics.DroppedBecause(DropReason.Closed));
        Assert.False(client.TrySend("{}"u8));
        Assert.Equal(5001, client.Statistics.Dropped);
    }

    [Fact]
    public async Task Disposing_sends_what_waits()
    {
        await using var pull = Puller();
        await using (var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { Linger = TestNode.Patience }))
        {
            for (var n = 1; n <= 2000; n++) client.TrySend(Json(n));
        }

        Assert.Equal(2000, (await ReceiveAsync(pull, 2000)).Count);
    }

    [Fact]
    public async Task What_is_sent_just_before_the_end_arrives()
    {
        await using var pull = Puller();
        for (var n = 0; n < 200; n++)
        {
            await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { Linger = TestNode.Patience });
            client.TrySend(Json(n));
        }

        Assert.Equal(200, (await ReceiveAsync(pull, 200)).Distinct().Count());
    }

    [Fact]
    public async Task Sending_takes_no_memory_on_the_callers_thread()
    {
        await using var client = Away(capacity: 100_000, ClientOverflow.DropNewest, out _);
        var payload = Some(200);
        client.TrySend(payload);
        await Eventually.IsTrueAsync(() => client.TrySend(payload));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 200; n++) client.TrySend(payload);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Drops_are_raised_and_measured()
    {
        var raised = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pull = Puller();
        var measurements = new ClientMeasurements(pull.Endpoints[0]);
        await using var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { MaxMessageSize = 1 });
        client.Dropped += (_, dropped) => raised.TrySetResult(dropped.Count);
        client.TrySend(Some(2));
        client.TrySend(Some(2));

        Assert.Equal(2, await raised.Task.WaitAsync(TestNode.Patience));

        Assert.Equal(2, measurements.Now()["dropped TooLarge"]);
    }

    [Fact]
    public async Task Clients_of_one_endpoint_are_one_series_each_of_the_meter_and_none_of_these_falls_when_a_client_is_gone()
    {
        await using var pull = Puller();
        var measurements = new ClientMeasurements(pull.Endpoints[0]);
        var options = new MessageClientOptions { MaxMessageSize = 10, TellLosses = false, Linger = TestNode.Patience };
        await using var stays = new MessageClient(pull.Endpoints[0], options);
        var goes = new MessageClient(pull.Endpoints[0], options);
        foreach (var client in (MessageClient[])[stays, goes])
        {
            client.TrySend("text"u8);
            client.TrySend(Some(11));
            await client.FlushAsync().WaitAsync(TestNode.Patience);
        }
        Assert.Equal((2, 0, 2), Of(measurements.Now()));

        await goes.DisposeAsync();
        goes.TrySend("late"u8);
        await goes.DisposeAsync();

        var measured = measurements.Now();
        Assert.Equal((2, 0, 2), Of(measured));
        Assert.Equal(1, measured["dropped Closed"]);

        static (long Sent, long Waiting, long TooLarge) Of(Dictionary<string, long> measured) => (measured["sent"], measured["waiting"], measured["dropped TooLarge"]);
    }

    [Theory]
    [InlineData("logs:5222")]
    [InlineData("tcp://logs")]
    [InlineData("")]
    public void A_wrong_endpoint_is_told_when_the_client_is_made(string endpoint) => Assert.ThrowsAny<ArgumentException>(() => new MessageClient(endpoint));

    [Fact]
    public void A_wrong_option_is_told_when_the_client_is_made() =>
        Assert.ThrowsAny<ArgumentException>(() => new MessageClient(Nowhere, new MessageClientOptions { Capacity = 0 }));

    [Fact]
    public async Task Who_waits_until_all_has_been_sent_waits_no_more_when_the_client_is_closed()
    {
        var client = Away(capacity: 10, ClientOverflow.DropNewest, out _);
        Assert.True(client.TrySend(Json(1)));
        var sent = client.FlushAsync();
        Assert.False(sent.IsCompleted);

        await client.DisposeAsync();

        await sent.WaitAsync(TestNode.Patience);
        Assert.Equal((0, 0, 1), Counts(client));
    }

    private static MessageClient Away(int capacity, ClientOverflow overflow, out string endpoint, TimeSpan linger = default)
    {
        endpoint = Zmq.FreeEndpoint();
        return new MessageClient(endpoint, new MessageClientOptions { Capacity = capacity, Overflow = overflow, Linger = linger, ReconnectMin = TimeSpan.FromMilliseconds(20) });
    }

    private static PullSocket Puller() => new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });

    private static byte[] Json(int n) => Encoding.UTF8.GetBytes($$"""{"n":{{n}}}""");

    private static byte[] Some(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)('a' + (i % 26)))];

    private static long Told(string text) => text.StartsWith("{\"dropped\":", StringComparison.Ordinal) ? long.Parse(new string([.. text["{\"dropped\":".Length..].TakeWhile(char.IsDigit)])) : 0;

    private static (long Sent, long Waiting, long Dropped) Counts(MessageClient client) => (client.Statistics.Sent, client.Statistics.Waiting, client.Statistics.Dropped);

    private static async Task<List<string>> ReceiveAsync(PullSocket pull, int count)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var texts = new List<string>();
        while (texts.Count < count)
        {
            foreach (var message in await pull.ReceiveAsync(patience.Token)) texts.Add(Encoding.Latin1.GetString(message.Payload.Span));
        }
        return texts;
    }

    private readonly struct Later(Func<byte[]> write) : IDeferredMessage
    {
        public int Size => 1;

        public ReadOnlyMemory<byte> Write(EventFlaws flaws) => write();
    }
}
