using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>A failure that nobody foresees, here one of the clock, costs a client neither its endpoint nor its counts.</summary>
public sealed class FailingClockTests
{
    [Fact]
    public async Task A_connection_that_could_not_be_set_up_is_made_again()
    {
        await using var pull = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        var clock = new FailingClock { Timestamps = 1 };
        var client = new MessageClient(pull.Endpoints[0], new MessageClientOptions { Clock = clock, Linger = TestNode.Patience, ReconnectMin = TimeSpan.FromMilliseconds(20) });

        client.TrySend("a"u8);

        Assert.Equal(1, (await pull.ReceiveAsync().AsTask().WaitAsync(TestNode.Patience)).Count);
        await client.DisposeAsync();
        Assert.Equal((1, 0, 0), (client.Statistics.Sent, client.Statistics.Waiting, client.Statistics.Dropped));
        Assert.Equal(0, clock.Timestamps);
    }

    [Fact]
    public async Task What_has_not_left_is_counted_at_the_end_and_disposing_does_not_throw()
    {
        var clock = new FailingClock();
        var client = new MessageClient(Zmq.FreeEndpoint(), new MessageClientOptions { Clock = clock });
        for (var n = 0; n < 10; n++) client.TrySend("a"u8);
        clock.Timers = int.MaxValue;

        await client.DisposeAsync();

        Assert.Equal((0, 0, 10), (client.Statistics.Sent, client.Statistics.Waiting, client.Statistics.DroppedBecause(DropReason.Closed)));
    }

    /// <summary>The system's, which fails as often as it is told to.</summary>
    private sealed class FailingClock : TimeProvider
    {
        private int _timestamps;
        private int _timers;

        /// <summary>How often it fails to say what time it is.</summary>
        public int Timestamps
        {
            get => Math.Max(0, Volatile.Read(ref _timestamps));
            set => Volatile.Write(ref _timestamps, value);
        }

        /// <summary>How often it fails to make a timer.</summary>
        public int Timers
        {
            set => Volatile.Write(ref _timers, value);
        }

        public override long GetTimestamp() => Interlocked.Decrement(ref _timestamps) >= 0 ? throw new InvalidOperationException("No time.") : base.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Interlocked.Decrement(ref _timers) >= 0 ? throw new InvalidOperationException("No timer.") : base.CreateTimer(callback, state, dueTime, period);
    }
}
