using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>Who flushes waits for what was sent before, and for nothing else.</summary>
public sealed class FlushTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _running = [];
    private readonly PullSocket _node = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"], HighWaterMark = 1 });
    private readonly byte[] _large = new byte[100_000];

    [Fact]
    public async Task Flushing_a_client_ends_although_there_are_always_messages_that_wait()
    {
        await using var client = new MessageClient(_node.Endpoints[0], new MessageClientOptions { Linger = TimeSpan.Zero });

        await EndsAsync(client.FlushAsync, () => client.Statistics.Waiting < 100 && client.TrySend(_large));
    }

    [Fact]
    public async Task Flushing_a_socket_ends_although_there_are_always_messages_that_wait()
    {
        await using var push = new PushSocket(new ZmtpOptions { Connect = _node.Endpoints, HighWaterMark = 100, HighWaterBytes = 10_000_000, Linger = TimeSpan.Zero });

        await EndsAsync(push.FlushAsync, () => push.TrySend(new ZmtpMessage(_large)));
    }

    [Fact]
    public async Task Flushing_a_socket_ends_while_peers_come_and_go()
    {
        await using var push = new PushSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        var connecting = new ZmtpOptions { Connect = [push.Endpoints[0]] };
        await using var steady = new PullSocket(connecting);
        Run(() => ReadAsync(steady));
        var message = new ZmtpMessage(new byte[100]);
        Run(async () =>
        {
            while (!_end.IsCancellationRequested) await push.SendAsync(message);
        });

        for (var n = 0; n < 20; n++)
        {
            var passing = new PullSocket(connecting);
            await Eventually.IsTrueAsync(() => push.Peers.Count == 2);
            var flushed = push.FlushAsync();
            await passing.DisposeAsync();
            await flushed.WaitAsync(TestNode.Patience);
            await push.FlushAsync().WaitAsync(TestNode.Patience);
        }

        await _end.CancelAsync();
    }

    [Fact]
    public async Task What_was_taken_is_waited_for_although_newer_messages_were_dropped()
    {
        var queue = new OutgoingQueue(new MessageClientOptions { Capacity = 3, Overflow = ClientOverflow.DropOldest });
        Add(3);
        Assert.True(queue.TryTake(out _));
        Add(2);
        var flushed = queue.PassedAsync();

        Add(10);
        Assert.False(flushed.IsCompleted);
        queue.HandedOver(2);
        Assert.False(flushed.IsCompleted);
        queue.HandedOver(1);

        await flushed.WaitAsync(TestNode.Patience);

        void Add(int count)
        {
            for (var n = 0; n < count; n++) queue.TryAdd("{}"u8);
        }
    }

    [Fact]
    public async Task What_is_lost_is_not_waited_for()
    {
        var queue = new OutgoingQueue(new MessageClientOptions { Capacity = 2, Overflow = ClientOverflow.DropOldest });
        queue.TryAdd("{}"u8);
        queue.TryAdd("{}"u8);
        var flushed = queue.PassedAsync();

        queue.TryAdd("{}"u8);
        Assert.False(flushed.IsCompleted);
        queue.TryAdd("{}"u8);

        await flushed.WaitAsync(TestNode.Patience);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _node.DisposeAsync();
        await Task.WhenAll(_running).WaitAsync(TestNode.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    /// <summary>The node takes one message after the other, and in its place there is another one each time.</summary>
    private async Task EndsAsync(Func<CancellationToken, Task> flush, Func<bool> trySend)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (trySend()) await Task.Yield();
        var flushed = flush(patience.Token);
        for (var n = 0; !flushed.IsCompleted; n++)
        {
            Assert.True(n < 1000);
            await _node.ReceiveAsync(patience.Token);
            while (trySend()) await Task.Yield();
        }
        await flushed;
    }

    private void Run(Func<Task> run) => _running.Add(Task.Run(run));

    private async Task ReadAsync(PullSocket node)
    {
        await foreach (var batch in node.ReadAllAsync(_end.Token)) _ = batch;
    }
}
