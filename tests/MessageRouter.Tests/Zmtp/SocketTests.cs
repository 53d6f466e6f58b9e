using System.Net;
using System.Net.Sockets;
using System.Text;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp;

/// <summary>The four sockets as a stranger uses them, over each transport.</summary>
public sealed class SocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmtp-");

    public static TheoryData<string> Transports => OperatingSystem.IsLinux() ? ["tcp", "ipc", "@"] : ["tcp"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Pushed_messages_come_to_the_puller_in_order_with_all_their_frames(string transport)
    {
        await using var pull = new PullSocket(new ZmtpOptions { Bind = [Endpoint(transport)] });
        await using var push = new PushSocket(Connecting(pull));

        for (var n = 1; n <= 1000; n++) await push.SendAsync(Text($"{n}"));
        await push.SendAsync(ZmtpMessage.Of("a"u8.ToArray(), Array.Empty<byte>(), "c"u8.ToArray()));
        await push.FlushAsync().WaitAsync(TestNode.Patience);

        var received = await ReceiveAsync(pull, 1001);
        Assert.Equal(Enumerable.Range(1, 1000).Select(n => $"{n}").Append("a||c"), received);
        Assert.Equal((1001, 0, 0), (push.Statistics.Sent, push.Statistics.Waiting, push.Statistics.Dropped));
        Assert.Equal(1001, pull.Statistics.Received);
        Assert.Equal(1001, Assert.Single(push.Peers).Sent);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Published_messages_come_to_who_subscribes_to_their_beginning(string transport)
    {
        await using var pub = new PubSocket(new ZmtpOptions { Bind = [Endpoint(transport)] });
        await using var all = new SubSocket(Connecting(pub));
        await using var some = new SubSocket(Connecting(pub), "b", "c");
        await Eventually.IsTrueAsync(() => pub.Peers.Count == 2);
        await pub.WaitForSubscriberAsync().WaitAsync(TestNode.Patience);
        await PublishUntilAsync(pub, "b", some);
        await PublishUntilAsync(pub, "x", all);

        pub.Send(new ZmtpBatch(Text("a1"), Text("b1"), Text("c1")));

        Assert.Equal(["a1", "b1", "c1"], (await ReceiveAsync(all, text => text == "c1")).Where(text => text.Length == 2));
        Assert.Equal(["b1", "c1"], (await ReceiveAsync(some, text => text == "c1")).Where(text => text.Length == 2));
        await pub.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal(0, pub.Statistics.Waiting);
    }

    [Fact]
    public async Task Batches_are_shared_out_in_turn()
    {
        await using var push = new PushSocket(new ZmtpOptions { Bind = [Endpoint("tcp")] });
        await using var one = new PullSocket(Connecting(push));
        await using var two = new PullSocket(Connecting(push));
        await Eventually.IsTrueAsync(() => push.Peers.Count == 2);

        for (var n = 0; n < 10; n++) Assert.True(push.TrySend(Text($"{n}")));

        Assert.Equal(5, (await ReceiveAsync(one, 5)).Count);
        Assert.Equal(5, (await ReceiveAsync(two, 5)).Count);
    }

    [Fact]
    public async Task A_sender_holds_as_much_as_it_may_while_nobody_is_there_and_then_says_no()
    {
        await using var push = new PushSocket(new ZmtpOptions { Connect = ["tcp://127.0.0.1:9"], HighWaterMark = 3, Linger = TimeSpan.Zero });

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(n => push.TrySend(Text($"{n}"))));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push.SendAsync(Text("4"), new CancellationToken(canceled: true)).AsTask());
        Assert.Equal(3, push.Statistics.Waiting);

        await push.DisposeAsync();

        Assert.Equal((0, 3), (push.Statistics.Waiting, push.Statistics.Dropped));
        Assert.Throws<ObjectDisposedException>(() => push.TrySend(Text("5")));
    }

    [Fact]
    public async Task A_puller_that_does_not_take_has_its_pushers_wait_and_loses_nothing()
    {
        const int count = 200, size = 100_000;
        await using var pull = new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], HighWaterMark = 10 });
        await using var push = new PushSocket(Connecting(pull) with { HighWaterMark = 10 });

        var sending = Task.Run(async () =>
        {
            for (var n = 0; n < count; n++) await push.SendAsync(new ZmtpMessage(new byte[size]));
        });
        await Eventually.IsTrueAsync(() => pull.Statistics.Waiting >= 10);
        Assert.InRange(pull.Statistics.Waiting, 10, 20);

        Assert.Equal(count, (await ReceiveAsync(pull, count)).Count);
        await sending.WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_misses_what_it_has_no_room_for_and_nobody_else_does()
    {
        await using var pub = new PubSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], HighWaterMark = 5, Linger = TimeSpan.Zero });
        await using var slow = new SubSocket(Connecting(pub) with { HighWaterMark = 1 });
        await PublishUntilAsync(pub, "x", slow);

        var unwanted = pub.Statistics.Dropped;

        for (var n = 0; n < 5000 && pub.Peers[0].Missed == 0; n++) pub.Send(new ZmtpMessage(new byte[100_000]));

        Assert.Equal((1, unwanted + 1), (pub.Peers[0].Missed, pub.Statistics.Dropped));
    }

    [Fact]
    public async Task What_a_connection_had_not_written_goes_to_the_next_peer()
    {
        await using var push = new PushSocket(new ZmtpOptions { Bind = [Endpoint("tcp")] });
        using var deaf = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, int.Parse(push.Endpoints[0].Split(':')[^1])), receiveBuffer: 4096);
        await deaf.IntroduceAsync("PULL");
        await Eventually.IsTrueAsync(() => push.Peers.Count == 1);
        var payload = new byte[1 << 20];
        for (var n = 0; n < 50; n++) Assert.True(push.TrySend(new ZmtpMessage(payload)));

        await using var pull = new PullSocket(Connecting(push));
        deaf.Dispose();

        await Eventually.IsTrueAsync(() => push.Statistics.Sent == 50);
        var toTheNext = Assert.Single(push.Peers).Sent;
        Assert.InRange(toTheNext, 1, 50);
        Assert.Equal(toTheNext, (await ReceiveAsync(pull, (int)toTheNext)).Count);
    }

    [Fact]
    public async Task Messages_of_which_only_a_part_has_come_have_a_bound_together_and_who_finds_no_room_waits_for_it()
    {
        const int size = 900_000;
        var clock = new FakeTimeProvider();
        var gone = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pull = new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], HighWaterBytes = 1 << 20, Clock = clock });
        pull.PeerDisconnected += (_, ended) => gone.TrySetResult(ended.Reason);
        using var holds = await PusherAsync(pull);
        await holds.SendAsync(RawPeer.LongHeader(size), new byte[size - 1]);
        await Eventually.IsTrueAsync(() => pull.PartialBytes > size - 100_000);
        using var waits = await PusherAsync(pull);
        var sending = waits.SendAsync(RawPeer.LongHeader(size), new byte[size]);

        // What it was before there was a bound: the second one comes, though the first does not go on.
        await Eventually.IsTrueAsync(() => pull.IsShortOfPartialMemory);
        Assert.Equal(0, pull.Statistics.Received);
        await holds.SendAsync([0]);
        Assert.Equal(2, (await ReceiveAsync(pull, 2)).Count);
        await sending;
        await Eventually.IsTrueAsync(() => pull.PartialBytes == 0);

        await holds.SendAsync(RawPeer.LongHeader(size), new byte[size - 1]);
        await Eventually.IsTrueAsync(() => pull.PartialBytes > size - 100_000);
        sending = waits.SendAsync(RawPeer.LongHeader(size), new byte[size]);
        await Eventually.IsTrueAsync(() => gone.Task.IsCompleted, clock, PartialMemory.Step);

        // Who has stopped in the middle gives way.
        Assert.Contains("no room for its message", await gone.Task.WaitAsync(TestNode.Patience), StringComparison.Ordinal);
        Assert.Single(await ReceiveAsync(pull, 1));
        await sending;
        Assert.Single(pull.Peers);
    }

    [Fact]
    public async Task Who_was_disposed_gives_out_what_had_come_and_then_ends()
    {
        var pull = new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")] });
        await using var push = new PushSocket(Connecting(pull));
        await push.SendAsync(Text("last"));
        await Eventually.IsTrueAsync(() => pull.Statistics.Waiting == 1);

        await pull.DisposeAsync();

        Assert.Equal(["last"], await ReceiveAsync(pull, _ => false));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pull.ReceiveAsync().AsTask());
    }

    [Fact]
    public async Task Disposing_ends_within_the_linger_time_also_where_a_peer_reads_late_and_does_not_hang_up()
    {
        const int count = 50;
        var clock = new FakeTimeProvider();
        var push = new PushSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], Linger = TimeSpan.FromSeconds(8), HeartbeatInterval = TimeSpan.Zero, Clock = clock });
        using var late = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, int.Parse(push.Endpoints[0].Split(':')[^1])), receiveBuffer: 4096);
        await late.IntroduceAsync("PULL");
        await Eventually.IsTrueAsync(() => push.Peers.Count == 1);
        for (var n = 0; n < count; n++) Assert.True(push.TrySend(new ZmtpMessage(new byte[1 << 20])));

        var end = push.DisposeAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.InRange((await late.ReceiveToEndAsync()).Length, count << 20, int.MaxValue);
        Assert.False(end.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));

        await end.WaitAsync(TestNode.Patience);
        Assert.Equal((count, 0), (push.Statistics.Sent, push.Statistics.Dropped));
    }

    [Fact]
    public async Task Peers_tell_their_bytes_their_age_and_their_silence()
    {
        var clock = new FakeTimeProvider();
        await using var pull = new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], Clock = clock });
        await using var push = new PushSocket(Connecting(pull));
        await Eventually.IsTrueAsync(() => pull.Peers.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(5));
        var before = Assert.Single(pull.Peers);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), (before.Age, before.Silence));

        await push.SendAsync(Text("hello"));
        await ReceiveAsync(pull, 1);

        await push.FlushAsync().WaitAsync(TestNode.Patience);
        var (there, here) = (Assert.Single(push.Peers), Assert.Single(pull.Peers));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.Zero), (here.Age, here.Silence));
        Assert.Equal(before.BytesReceived + RawPeer.Frame("hello"u8.ToArray()).Length, here.BytesReceived);
        Assert.Equal((here.BytesSent, here.BytesReceived), (there.BytesReceived, there.BytesSent));
    }

    [Fact]
    public async Task Events_tell_who_came_who_went_and_who_was_no_peer()
    {
        var heard = new List<string>();
        await using var pull = new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")] });
        pull.PeerConnected += (_, _) => Hear("came");
        pull.PeerDisconnected += (_, happened) => Hear($"went: {happened.Reason}");
        pull.ConnectionFailed += (_, happened) => throw new InvalidOperationException("What a handler throws is ignored.");

        await using (var wrong = new SubSocket(Connecting(pull))) await Eventually.IsTrueAsync(() => pull.Statistics.Refused > 0);

        // Who hangs up before it has read what the other side says breaks the connection off.
        await using (var push = new PushSocket(Connecting(pull))) await Eventually.IsTrueAsync(() => pull.Peers.Count == 1 && push.Peers.Count == 1);
        await Eventually.IsTrueAsync(() => pull.Peers.Count == 0 && Heard().Count == 2);

        Assert.Equal(["came", "went: The peer has closed the connection."], Heard());

        void Hear(string what)
        {
            lock (heard) heard.Add(what);
        }

        List<string> Heard()
        {
            lock (heard) return [.. heard];
        }
    }

    [Theory]
    [InlineData("udp://127.0.0.1:1", "has the scheme `udp`")]
    [InlineData("tcp://127.0.0.1", "needs a port")]
    [InlineData("ipc://relative", "write it in full")]
    [InlineData("ipc://", "needs a path")]
    public void A_wrong_endpoint_is_told_with_what_would_be_right(string endpoint, string problem) =>
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => new PullSocket(new ZmtpOptions { Bind = [endpoint] })).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_are_checked_when_the_socket_is_made()
    {
        Assert.Throws<ArgumentException>(() => new PullSocket(new ZmtpOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], HighWaterMark = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PullSocket(new ZmtpOptions { Bind = [Endpoint("tcp")], ReconnectMax = TimeSpan.Zero }));
    }

    [Fact]
    public async Task A_socket_in_a_file_is_taken_over_from_who_has_died_and_from_nobody_else()
    {
        if (!OperatingSystem.IsLinux()) return;
        var endpoint = Endpoint("ipc");
        var path = endpoint["ipc://".Length..];
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + "2");
        }
        File.Move(path + "2", path);

        await using (var pull = new PullSocket(new ZmtpOptions { Bind = [endpoint] }))
        {
            Assert.Contains("another program listens there", Assert.Throws<ZmtpEndpointException>(() => new PullSocket(new ZmtpOptions { Bind = [endpoint] })).Message, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(path));

        File.WriteAllText(path, "precious");
        Assert.Contains("there is another file", Assert.Throws<ZmtpEndpointException>(() => new PullSocket(new ZmtpOptions { Bind = [endpoint] })).Message, StringComparison.Ordinal);
        Assert.Contains("its folder is not there", Assert.Throws<ZmtpEndpointException>(() => new PullSocket(new ZmtpOptions { Bind = [endpoint + "/x/y"] })).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(path));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Endpoint(string transport) => transport switch
    {
        "tcp" => "tcp://127.0.0.1:0",
        "ipc" => $"ipc://{Path.Combine(_folder.FullName, "socket")}",
        _ => $"ipc://@{_folder.Name}",
    };

    private static ZmtpOptions Connecting(ZmtpSocket to) => new() { Connect = [to.Endpoints[0]], ReconnectMin = TimeSpan.FromMilliseconds(20) };

    private static async Task<RawPeer> PusherAsync(PullSocket pull)
    {
        var count = pull.Peers.Count;
        var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, int.Parse(pull.Endpoints[0].Split(':')[^1])));
        await peer.IntroduceAsync("PUSH");
        await Eventually.IsTrueAsync(() => pull.Peers.Count == count + 1);
        return peer;
    }

    private static ZmtpMessage Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task PublishUntilAsync(PubSocket pub, string text, SubSocket subscriber)
    {
        await Eventually.IsTrueAsync(() =>
        {
            pub.Send(Text(text));
            return subscriber.Statistics.Received > 0;
        });
    }

    private static Task<List<string>> ReceiveAsync(ReceivingSocket socket, int count) => ReceiveAsync(socket, _ => --count == 0);

    private static async Task<List<string>> ReceiveAsync(ReceivingSocket socket, Predicate<string> isLast)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var texts = new List<string>();
        await foreach (var batch in socket.ReadAllAsync(patience.Token))
        {
            foreach (var message in batch)
            {
                texts.Add(string.Join('|', Enumerable.Range(0, message.FrameCount).Select(i => Encoding.UTF8.GetString(message.FrameAt(i).Span))));
                if (isLast(texts[^1])) return texts;
            }
        }
        return texts;
    }
}
