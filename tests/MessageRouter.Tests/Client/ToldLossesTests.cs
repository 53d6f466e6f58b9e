using System.Text;
using System.Text.Json.Nodes;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>Every loss is told once, to whom it can be told.</summary>
public sealed class ToldLossesTests
{
    private long _received;
    private long _told;

    [Fact]
    public async Task What_a_client_was_about_to_tell_when_it_was_closed_its_successor_tells()
    {
        const int size = 100_000;
        await using var slow = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"], HighWaterMark = 1 });
        await using var node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        var client = new MessageClient(slow.Endpoints[0], new MessageClientOptions { Capacity = 3, Linger = TimeSpan.Zero });
        var message = Encoding.ASCII.GetBytes($$"""{"text":"{{new string('x', size)}}"}""");

        // Each time that the node takes a message there were losses before the next one leaves.
        for (var n = 0; n < 50; n++)
        {
            while (client.TrySend(message)) await Task.Yield();
            await NextAsync(slow);
        }
        await client.DisposeAsync();
        await using var successor = new MessageClient(node.Endpoints[0]);
        successor.TellLossesOf(client);
        successor.TrySend("{}"u8);

        while (_received < client.Statistics.Sent) await NextAsync(slow);
        await NextAsync(node);
        Assert.Equal(client.Statistics.Dropped, _told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_client_could_not_tell_another_one_of_its_endpoint_tells_where_it_tells_losses(bool tells)
    {
        var endpoint = $"ipc://@told-{Guid.NewGuid():N}";
        var client = new MessageClient(endpoint, new MessageClientOptions { Linger = TimeSpan.Zero });
        for (var n = 0; n < 20; n++) client.TrySend("{}"u8);
        await using var other = new MessageClient(endpoint, new MessageClientOptions { TellLosses = tells });

        await client.DisposeAsync();
        other.TrySend("{}"u8);

        await using var node = new PullSocket(new ZmtpOptions { Bind = [endpoint] });
        await NextAsync(node);
        Assert.Equal((20, tells ? 20 : 0), (client.Statistics.Dropped, _told));
    }

    [Fact]
    public async Task A_publisher_tells_a_loss_once_whatever_nobody_wants_behind_the_message_that_tells_it()
    {
        await using var sub = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "{\"a", "{\"dropped");
        await using var client = await PublishingAsync(sub);

        await TogetherAsync(client, "{\"b\":1}", "{\"a\":1}", "{\"b\":1}", "{\"a\":2}", "{\"b\":2}");
        client.TrySend("{\"a\":\"last\"}"u8);

        Assert.Equal(client.Statistics.Dropped, (await LastAsync(sub)).Sum(Told));
    }

    [Fact]
    public async Task Who_subscribes_to_a_prefix_gets_each_message_although_none_of_them_can_tell_losses()
    {
        await using var sub = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "{\"a");
        await using var client = await PublishingAsync(sub);

        client.TrySend("{\"b\":1}"u8);
        for (var n = 1; n <= 10; n++)
        {
            client.TrySend(Encoding.ASCII.GetBytes($$"""{"a":{{n}}}"""));
            await client.FlushAsync().WaitAsync(TestNode.Patience);
        }
        client.TrySend("{\"a\":\"last\"}"u8);

        Assert.Equal(11, (await LastAsync(sub)).Count(line => (string?)line["a"]?.ToString() != "0"));
    }

    [Theory]
    [InlineData(false, "plain")]
    [InlineData(false, """{"dropped":"by the application"}""")]
    [InlineData(false, "{half")]
    [InlineData(true, "plain")]
    [InlineData(true, """{"dropped":"by the application"}""")]
    public async Task A_loss_is_told_by_the_first_message_that_can_although_others_that_cannot_leave_before_it(bool publishes, string cannot)
    {
        await using var pull = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        await using var sub = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "");
        await using var client = publishes ? await PublishingAsync(sub) : new MessageClient(pull.Endpoints[0]);

        // What holds up what comes behind it is lost itself.
        await TogetherAsync(client, cannot, cannot, "{\"a\":1}", "{\"a\":2}");
        client.TrySend("{\"a\":\"last\"}"u8);

        var lines = await TextsAsync(publishes ? sub : pull);
        var first = lines.IndexOf(cannot);
        Assert.Equal([cannot, cannot, """{"dropped":1,"a":1}""", """{"a":2}""", """{"a":"last"}"""], lines.Skip(first));
    }

    private static async Task<List<string>> TextsAsync(ReceivingSocket socket)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var lines = new List<string>();
        await foreach (var batch in socket.ReadAllAsync(patience.Token))
        {
            foreach (var message in batch) lines.Add(Encoding.UTF8.GetString(message.Payload.Span));
            if (lines[^1].Contains("last", StringComparison.Ordinal)) break;
        }
        return lines;
    }

    private static long Told(JsonObject line) => (long?)line["dropped"] ?? 0;

    private static async Task<MessageClient> PublishingAsync(SubSocket sub)
    {
        var client = new MessageClient(sub.Endpoints[0], new MessageClientOptions { Socket = ClientSocket.Pub });
        await Eventually.IsTrueAsync(() =>
        {
            client.TrySend("{\"a\":0}"u8);
            return sub.Statistics.Received > 0;
        });
        return client;
    }

    /// <summary>Has the client find several messages at once.</summary>
    private static async Task TogetherAsync(MessageClient client, params string[] messages)
    {
        using var isThere = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        client.TryDefer(new Gate(isThere, mayGoOn));
        isThere.Wait(TestNode.Patience);
        foreach (var message in messages) client.TrySend(Encoding.ASCII.GetBytes(message));
        mayGoOn.Set();
        await client.FlushAsync().WaitAsync(TestNode.Patience);
    }

    private static async Task<List<JsonObject>> LastAsync(SubSocket sub)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var lines = new List<JsonObject>();
        await foreach (var batch in sub.ReadAllAsync(patience.Token))
        {
            foreach (var message in batch) lines.Add(JsonNode.Parse(message.Payload.Span)!.AsObject());
            if ((string?)lines[^1]["a"]?.ToString() == "last") break;
        }
        return lines;
    }

    private async Task NextAsync(PullSocket node)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        foreach (var message in await node.ReceiveAsync(patience.Token))
        {
            _received++;
            _told += Told(JsonNode.Parse(message.Payload.Span)!.AsObject());
        }
    }

    /// <summary>A message that is lost when it is to leave, and holds up what comes behind it.</summary>
    private readonly struct Gate(ManualResetEventSlim isThere, ManualResetEventSlim mayGoOn) : IDeferredMessage
    {
        public int Size => 1;

        public ReadOnlyMemory<byte> Write(EventFlaws flaws)
        {
            isThere.Set();
            mayGoOn.Wait(TestNode.Patience);
            throw new NotSupportedException();
        }
    }
}
