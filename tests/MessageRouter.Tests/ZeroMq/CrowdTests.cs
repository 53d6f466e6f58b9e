using System.Net;
using System.Text;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>Peers that come in crowds, or ask for more than anybody needs: each costs what the limits say, and the others nothing.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private readonly ProbeSource _source = new();
    private readonly List<RawPeer> _peers = [];
    private TestNode _publisher = null!;

    private IPEndPoint Address => new(IPAddress.Loopback, _publisher.Port());

    public async Task InitializeAsync() => _publisher = await Zmq.StartAsync(
        _source.Input().Raw(), Zmq.Output(new ZeroMqOutput.Options { Bind = [Zmq.AnyPort], HighWaterMark = 100, SubscribeDelay = TimeSpan.Zero, Heartbeat = new HeartbeatOptions { Interval = TimeSpan.Zero } }).Raw());

    public async Task DisposeAsync()
    {
        foreach (var peer in _peers) peer.Dispose();
        await _publisher.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_thousand_subscribers_only_the_one_that_does_not_read_misses_messages()
    {
        const int rounds = 40, each = 10;
        var readers = new List<RawPeer>();

        // A few at a time: each has three seconds to introduce itself, however busy the machine is.
        foreach (var some in Enumerable.Range(0, 999).Chunk(50)) readers.AddRange(await Task.WhenAll(some.Select(_ => SubscriberAsync("r"))));
        await ListenAsync("r", [.. readers]);
        _peers.Add(await RawPeer.SubscribedAsync(Address, "", receiveBuffer: 4096));
        await Zmq.UntilAsync(() => Lines.Count == 1000);

        // Only the one that does not read has subscribed to what is large.
        var large = new byte[100_000];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < each; i++) await SendAsync(Text($"r{round}.{i}"), large);
            var expected = string.Concat(Enumerable.Range(0, each).Select(i => Encoding.UTF8.GetString(RawPeer.Frame(Text($"r{round}.{i}")))));
            var received = await Task.WhenAll(readers.Select(reader => reader.ReceiveAsync(expected.Length)));
            Assert.All(received, bytes => Assert.Equal(expected, Encoding.UTF8.GetString(bytes)));
        }

        var slow = Assert.Single(Lines, line => line.Missed is not null);
        Assert.InRange(slow.Missed!.Value, 1, 2 * rounds * each);
        Assert.True(slow.Queued <= 100, $"{slow.Queued} wait for it");
        Assert.Equal(0, _publisher["outputs.out"].Dropped.GetValueOrDefault(DropReasons.MailboxFull));
    }

    [Fact]
    public async Task A_hundred_thousand_subscriptions_of_one_peer_end_it_at_the_limit()
    {
        var one = await SubscriberAsync("one");
        await ListenAsync("one", one);
        var greedy = await SubscriberAsync("greedy");
        var all = new MemoryStream();
        for (var i = 0; i < 100_000; i++) all.Write(RawPeer.Frame([1, .. Text($"topic-{i:00000}")]));
        try
        {
            await greedy.SendAsync(all.ToArray());
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It is thrown out on the way.
        }

        await greedy.ReceiveToEndAsync();
        await Zmq.UntilAsync(() => _publisher.Node.Status().Components.First(component => component.Name == "outputs.out").Refused!.GetValueOrDefault("subscriptions") == 1);
        await SendAsync(Text("one"));
        Assert.Equal(Text("one"), await one.ReceiveFrameAsync());
    }

    [Fact]
    public async Task A_topic_of_a_megabyte_ends_its_own_connection()
    {
        var one = await SubscriberAsync("one");
        await ListenAsync("one", one);
        var greedy = await SubscriberAsync("greedy");

        try
        {
            await greedy.SendAsync(RawPeer.Frame([1, .. new byte[1 << 20]]));
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It is thrown out at the frame's first bytes.
        }

        await greedy.ReceiveToEndAsync();
        await Zmq.UntilAsync(() => _publisher.Log.Lines.Any(line => line.Text.Contains("1048577 bytes", StringComparison.Ordinal) || line.Text.Contains("more than 4096 bytes", StringComparison.Ordinal)));
        await SendAsync(Text("one"));
        Assert.Equal(Text("one"), await one.ReceiveFrameAsync());
    }

    private IReadOnlyList<WorkerLine> Lines => _publisher["outputs.out"].Workers ?? [];

    private async Task<RawPeer> SubscriberAsync(string prefix)
    {
        var peer = await RawPeer.SubscribedAsync(Address, prefix);
        lock (_peers) _peers.Add(peer);
        return peer;
    }

    /// <summary>Publishes until all of these have got something, since nothing says when a subscription has come; then they have read everything.</summary>
    private async Task ListenAsync(string topic, params RawPeer[] subscribers)
    {
        var first = Task.WhenAll(subscribers.Select(subscriber => subscriber.ReceiveFrameAsync()));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!first.IsCompleted)
        {
            await SendAsync(Text(topic + " begins"));
            await timer.WaitForNextTickAsync();
        }
        await first;
        await SendAsync(Text(topic + " ends"));
        await Task.WhenAll(subscribers.Select(async subscriber =>
        {
            while (Encoding.UTF8.GetString(await subscriber.ReceiveFrameAsync()) != topic + " ends")
            {
            }
        }));
    }

    private Task SendAsync(params IEnumerable<byte[]> payloads) =>
        _source.Intake.AddAsync(MessageBatch.Of(payloads.Select(payload => _source.Intake.NewMessage(payload)))).WaitAsync(TestNode.Patience);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
