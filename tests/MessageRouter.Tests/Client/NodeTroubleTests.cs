using System.Globalization;
using System.Text;
using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Client;

/// <summary>A node that goes and comes back, does not read, or is none: the application goes on, and can find out.</summary>
public sealed class NodeTroubleTests
{
    [Fact]
    public async Task A_node_that_goes_and_comes_back_gets_what_was_sent_meanwhile()
    {
        var node = Node();
        var endpoint = node.Endpoints[0];
        await using var client = new MessageClient(endpoint, new MessageClientOptions { Linger = TestNode.Patience, ReconnectMin = TimeSpan.FromMilliseconds(5), ReconnectMax = TimeSpan.FromMilliseconds(20) });
        Send(client, 0, 100);
        Assert.Equal(Enumerable.Range(0, 100), await ReceiveAsync(node, 100));

        await node.DisposeAsync();
        await Eventually.IsTrueAsync(() => !client.IsConnected);
        Send(client, 100, 100);
        Assert.NotNull(client.LastError);
        await using var back = new PullSocket(new ZmtpOptions { Bind = [endpoint] });
        Send(client, 200, 100);

        Assert.Equal(Enumerable.Range(100, 200), await ReceiveAsync(back, 200));
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal((300, 0, 0), (client.Statistics.Sent, client.Statistics.Waiting, client.Statistics.Dropped));
        Assert.Null(client.LastError);
    }

    [Fact]
    public async Task A_node_that_does_not_read_holds_up_neither_who_sends_nor_the_end()
    {
        var clock = new FakeTimeProvider();
        await using var node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"], HighWaterMark = 1, HighWaterBytes = 1 });
        var client = new MessageClient(node.Endpoints[0], new MessageClientOptions { Clock = clock, Linger = TimeSpan.FromSeconds(10), CapacityBytes = 4 << 20 });
        var large = new byte[500_000];
        var accepted = 0;
        await Eventually.IsTrueAsync(() =>
        {
            if (client.TrySend(large)) accepted++;
            return client.Statistics.DroppedBecause(DropReason.Full) > 100;
        });

        var end = client.DisposeAsync().AsTask();
        Assert.False(end.IsCompleted);
        await Eventually.IsTrueAsync(() => end.IsCompleted, clock, TimeSpan.FromSeconds(1));

        Assert.Equal((0, accepted), (client.Statistics.Waiting, client.Statistics.Sent + client.Statistics.DroppedBecause(DropReason.Closed)));
        Assert.NotEqual(0, client.Statistics.DroppedBecause(DropReason.Closed));
    }

    [Fact]
    public async Task Why_nothing_arrives_is_told()
    {
        await using var publishersOnly = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "");
        await using var client = new MessageClient(publishersOnly.Endpoints[0], new MessageClientOptions { Linger = TimeSpan.Zero, ReconnectMin = TimeSpan.FromMilliseconds(5), ReconnectMax = TimeSpan.FromMilliseconds(20) });
        var told = new TaskCompletionSource<ConnectionFailedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ConnectionFailed += (_, failed) => told.TrySetResult(failed);

        var failed = await told.Task.WaitAsync(TestNode.Patience);

        Assert.Equal(client.Endpoint, failed.Endpoint);
        Assert.Contains("SUB", failed.Reason, StringComparison.Ordinal);
        Assert.Equal($"{failed.Endpoint}: {failed.Reason}", client.LastError);
    }

    [Fact]
    public void A_trouble_is_told_once_and_again_while_it_lasts()
    {
        var clock = new FakeTimeProvider();
        var trouble = new ConnectionTrouble(clock);

        Assert.False(trouble.Failed("a", "x", isHeard: false));
        Assert.Equal([true, false, false], Times(3, () => trouble.Failed("a", "x", isHeard: true)));
        Assert.True(trouble.Failed("b", "x", isHeard: true));
        Assert.False(trouble.Failed("a", "y", isHeard: true));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([true, false], Times(2, () => trouble.Failed("a", "y", isHeard: true)));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([true, false], Times(2, () => trouble.Failed("a", "y", isHeard: true)));
        Assert.Equal("a: y", trouble.Last);
        trouble.Connected("b");
        Assert.Equal("a: y", trouble.Last);
        trouble.Connected("a");
        Assert.Null(trouble.Last);
        Assert.True(trouble.Failed("a", "y", isHeard: true));

        static List<bool> Times(int count, Func<bool> what) => [.. Enumerable.Range(0, count).Select(_ => what())];
    }

    private static PullSocket Node() => new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });

    private static void Send(MessageClient client, int first, int count)
    {
        for (var n = first; n < first + count; n++) Assert.True(client.TrySend(Encoding.UTF8.GetBytes($"{n}")));
    }

    private static async Task<List<int>> ReceiveAsync(PullSocket node, int count)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            foreach (var message in await node.ReceiveAsync(patience.Token)) numbers.Add(int.Parse(Encoding.UTF8.GetString(message.Payload.Span), CultureInfo.InvariantCulture));
        }
        return numbers;
    }
}
