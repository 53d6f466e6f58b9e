using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Distribution;

public class AtMostOnceTests
{
    private readonly ProbeSource _source = new();
    private readonly FakePeers _peers = new();

    [Fact]
    public async Task Equal_workers_get_equal_shares_to_within_one_in_turn()
    {
        await using var node = await StartAsync();
        var workers = Enumerable.Range(0, 3).Select(i => _peers.Connect($"{i}")).ToList();

        _source.SendNumbers(1, 100);
        await OutAsync(node, 100);

        Assert.Equal([34, 33, 33], workers.Select(worker => worker.Sent.Count));
        Assert.Equal(new[] { 1, 4, 7 }.Select(Some.Text), workers[0].Texts.Take(3));
        Assert.Equal([34, 33, 33], Workers(node).Select(line => line.Out));
    }

    [Fact]
    public async Task A_batch_goes_to_each_worker_as_one_batch()
    {
        await using var node = await StartAsync();
        var workers = Enumerable.Range(0, 4).Select(i => _peers.Connect($"{i}")).ToList();
        await WorkersAsync(node, 4, "connected");

        _source.SendNumbers(1, 64);
        await OutAsync(node, 64);

        Assert.All(workers, worker => Assert.Equal(1, worker.Sendings));
    }

    [Fact]
    public async Task A_worker_that_is_full_is_passed_over_and_shown_as_busy()
    {
        await using var node = await StartAsync(options => options with { Queue = 2 });
        var slow = _peers.Connect("slow", writesAtOnce: false);
        var fast = _peers.Connect("fast");

        _source.SendNumbers(1, 20);
        await OutAsync(node, 18);

        Assert.Equal((2, 18), (slow.Sent.Count, fast.Sent.Count));
        Assert.Equal([("slow", "busy", 2L), ("fast", "connected", 0L)], Workers(node).Select(line => (line.Name, line.State, line.Queued)));
        slow.WriteAll();
    }

    [Fact]
    public async Task Where_the_queues_are_full_the_mailbox_fills_up_and_its_policy_decides()
    {
        await using var node = await StartAsync(options => options with { Queue = 3 }, capacity: 5, Overflow.DropNewest);
        var worker = _peers.Connect("one", writesAtOnce: false);
        await WorkersAsync(node, 1, "connected");

        _source.SendNumbers(1, 3);
        await HoldsAsync(node, 3);
        for (var n = 4; n <= 10; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node["outputs.work"].Dropped.GetValueOrDefault(DropReasons.MailboxFull) == 2);
        Assert.Equal(8, node["outputs.work"].Queued);

        worker.WriteAll();
        await Eventually.IsTrueAsync(() => worker.Sent.Count == 6);
        worker.WriteAll();
        await Eventually.IsTrueAsync(() => worker.Sent.Count == 8);
        worker.WriteAll();
        await OutAsync(node, 8);
        Assert.Equal(Some.Texts(1, 8), worker.Texts);
    }

    [Fact]
    public async Task Messages_wait_for_the_first_worker()
    {
        await using var node = await StartAsync();
        _source.SendNumbers(1, 50);
        await Eventually.IsTrueAsync(() => node["outputs.work"].Queued == 50);

        var worker = _peers.Connect("one");
        await OutAsync(node, 50);

        Assert.Equal(Some.Texts(1, 50), worker.Texts);
    }

    [Fact]
    public async Task What_was_not_written_to_a_worker_that_goes_away_goes_to_the_others_before_what_is_newer()
    {
        await using var node = await StartAsync(options => options with { Queue = 10 });
        var one = _peers.Connect("one", writesAtOnce: false);
        var other = _peers.Connect("other", writesAtOnce: false);
        _source.SendNumbers(1, 30);
        await Eventually.IsTrueAsync(() => one.Sent.Count == 10 && other.Sent.Count == 10);

        one.HangUp();
        await WorkersAsync(node, 1, "gone");
        var third = _peers.Connect("third");
        await OutAsync(node, 20);

        Assert.Equal(Some.Texts(1, 20).Where((_, i) => i % 2 == 0).Concat(Some.Texts(21, 10)), third.Texts);
        other.WriteAll();
    }

    [Fact]
    public async Task What_was_written_and_not_confirmed_when_the_connection_ended_is_counted_as_unknown()
    {
        await using var node = await StartAsync();
        var worker = _peers.Connect("one");
        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);

        worker.HangUp(unconfirmed: 3);
        await WorkersAsync(node, 1, "gone");

        var line = Workers(node).Single();
        Assert.Equal((10L, 10L, 3L), (line.In, line.Out, line.Unknown));
        Assert.Equal("The peer has hung up.", line.LastError);
        Assert.Equal(10, node["outputs.work"].Out);
    }

    [Fact]
    public async Task A_stop_waits_until_everything_is_written()
    {
        var node = await StartAsync();
        var worker = _peers.Connect("one", writesAtOnce: false);
        _source.SendNumbers(1, 10);
        await HoldsAsync(node, 10);

        var stopping = node.StopAsync();
        Assert.False(stopping.IsCompleted);
        worker.WriteAll();
        var ledger = await stopping;

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(10, node["outputs.work"].Out);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_waits_until_each_worker_has_read_what_it_has_and_ends_the_connection()
    {
        var node = await StartAsync();
        var worker = _peers.Connect("one", readsSlowly: true);
        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);

        var stopping = node.StopAsync();
        await Eventually.IsTrueAsync(() => worker.IsFinished);
        Assert.False(stopping.IsCompleted);
        worker.HangUp();
        await stopping;

        Assert.Equal(0, Workers(node).Single().Unknown);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task What_a_worker_has_not_confirmed_when_the_time_to_stop_is_over_is_counted_as_unknown()
    {
        var node = await StartAsync();
        var worker = _peers.Connect("one", readsSlowly: true);
        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);
        worker.Unconfirmed = 4;

        Assert.True(await node.Node.StopAsync(new CancellationToken(canceled: true)), "Everything had left the node.");

        Assert.Equal(4, Workers(node).Single().Unknown);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_connects_from_the_address_of_a_worker_is_not_that_worker()
    {
        await using var node = await StartAsync(options => options with { Workers = ["tcp://10.0.0.1:5223"] });
        var worker = _peers.Connect("tcp://10.0.0.1:5223");
        var other = _peers.Connect("tcp://10.0.0.1:5223", accepted: true);
        await WorkersAsync(node, 2, "connected");

        _source.SendNumbers(1, 10);
        await OutAsync(node, 10);
        other.HangUp();
        await WorkersAsync(node, 1, "gone");

        Assert.Equal([5, 5], new[] { worker, other }.Select(peer => peer.Sent.Count));
        Assert.Equal(["connected", "gone"], Workers(node).Select(line => line.State));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cannot_be_written_in_time_when_the_node_stops_is_counted(bool workerIsThere)
    {
        var receipt = new ProbeReceipt();
        var node = await StartAsync();
        if (workerIsThere) _peers.Connect("one", writesAtOnce: false);
        Send(receipt);
        await Eventually.IsTrueAsync(() => node["outputs.work"].Queued == 1);

        await node.Node.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(1, node["outputs.work"].Dropped[DropReasons.Shutdown]);
        Assert.Equal((Fate.Returned, DropReasons.Shutdown), await receipt.Settled.WaitAsync(TestNode.Patience));
        await node.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_nobody_has_connected_is_said_after_a_while(bool connects)
    {
        await using var node = await StartAsync();
        if (connects) _peers.Connect("one");
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node["outputs.work"].In == 3);
        await node.HandledAsync("outputs/work");

        node.Clock.Advance(TimeSpan.FromSeconds(5));
        await node.HandledAsync("outputs/work");

        Assert.Equal(connects ? 0 : 1, node.Log.Lines.Count(line => line.Text == "Nobody has connected yet to take messages; 3 wait for that."));
        if (!connects) _peers.Connect("late");
    }

    [Fact]
    public async Task A_restart_loses_nothing_and_keeps_the_order()
    {
        await using var node = await StartAsync(options => options with { Queue = 10 });
        var one = _peers.Connect("one", writesAtOnce: false);
        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => one.Sent.Count == 5);
        one.Write(2);
        await OutAsync(node, 2);

        one.Failure = new InvalidOperationException("no");
        _source.SendNumbers(6, 15);
        await Eventually.IsTrueAsync(() => _peers.Opened == 2);
        Assert.Equal("The distributor has closed.", one.DisconnectedBecause);
        var other = _peers.Connect("other");
        await OutAsync(node, 20);

        Assert.Equal(Some.Texts(3, 18), other.Texts);
        Assert.Equal(1, node["outputs.work"].Restarts);
        Assert.Equal([("other", "connected", 18L), ("one", "gone", 2L)], Workers(node).Select(line => (line.Name, line.State, line.Out)));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(null, 6)]
    public async Task A_restart_sends_nothing_twice(int? writtenMeanwhile, int unknown)
    {
        await using var node = await StartAsync(options => options with { Queue = 10 });
        var one = _peers.Connect("one", writesAtOnce: false, writesAtTheEnd: writtenMeanwhile);
        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => one.Sent.Count == 5);

        one.Failure = new InvalidOperationException("no");
        _source.SendNumbers(6, 1);
        await Eventually.IsTrueAsync(() => _peers.Opened == 2);
        var other = _peers.Connect("other");
        await OutAsync(node, 6);

        // The sixth one was to be sent to the first worker too, when that failed.
        Assert.Equal(writtenMeanwhile is { } written ? Some.Texts(written + 1, 6 - written) : [], other.Texts);
        Assert.Equal(unknown, Workers(node).Single(line => line.Name == "one").Unknown);
    }

    [Fact]
    public async Task A_failure_that_is_to_be_passed_over_loses_nothing_either()
    {
        await using var node = await TestNode.StartAsync(Chain(Some.Component<DistributorOutput>("work", Options()).On(OnError.Resume)), Engine);
        var worker = _peers.Connect("one");
        worker.Failure = new InvalidOperationException("no");

        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => worker.Failure is null);
        _source.SendNumbers(6, 5);
        await OutAsync(node, 10);

        Assert.Equal(Some.Texts(1, 10), worker.Texts);
    }

    [Fact]
    public async Task A_receipt_is_settled_when_the_message_is_written()
    {
        await using var node = await StartAsync();
        var worker = _peers.Connect("one", writesAtOnce: false);
        var receipt = new ProbeReceipt();

        Send(receipt);
        await HoldsAsync(node, 1);
        Assert.False(receipt.Settled.IsCompleted);
        worker.WriteAll();

        Assert.Equal((Fate.Done, (string?)null), await receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_dropped_and_counted()
    {
        await using var node = await StartAsync(options => options with { MaxMessageSize = 10 });
        var worker = _peers.Connect("one");

        _source.Send("""{"n":1}""", """{"n":1000000}""", """{"n":2}""");
        await OutAsync(node, 2);

        Assert.Equal(1, node["outputs.work"].Dropped[DropReasons.TooLarge]);
        Assert.Equal(["""{"n":1}""", """{"n":2}"""], worker.Texts);
    }

    [Fact]
    public async Task Workers_that_are_connected_to_are_listed_before_they_are_there_and_keep_their_counts()
    {
        const string endpoint = "tcp://10.0.0.1:5223";
        await using var node = await StartAsync(options => options with { Bind = [], Workers = [endpoint] });
        Assert.Equal((endpoint, "connecting"), Workers(node).Select(line => (line.Name, line.State)).Single());
        Assert.Equal([endpoint], node["outputs.work"].Endpoints);

        for (var i = 1; i <= 2; i++)
        {
            var peer = _peers.Connect(endpoint);
            _source.SendNumbers(1, 5);
            await OutAsync(node, 5 * i);
            peer.HangUp();
            await WorkersAsync(node, 1, "connecting");
        }

        Assert.Equal((10L, 10L), Workers(node).Select(line => (line.In, line.Out)).Single());
    }

    [Fact]
    public async Task Of_workers_long_gone_the_sum_is_kept()
    {
        await using var node = await StartAsync();
        for (var i = 1; i <= 20; i++)
        {
            var peer = _peers.Connect($"{i}");
            _source.SendNumbers(1, i);
            await OutAsync(node, i * (i + 1) / 2);
            peer.HangUp(unconfirmed: 1);
        }
        await Eventually.IsTrueAsync(() => Workers(node).Count == 17 && Workers(node).All(line => line.State == "gone"));

        Assert.Equal(("4 earlier", 1L + 2 + 3 + 4, 4L), Workers(node).Select(line => (line.Name, line.Out, line.Unknown!.Value)).Last());
        Assert.Equal(210, Workers(node).Sum(line => line.Out));
    }

    [Fact]
    public async Task What_comes_and_goes_is_in_the_log()
    {
        await using var node = await StartAsync();
        var peer = _peers.Connect("tcp://10.0.0.7:4711");
        await WorkersAsync(node, 1, "connected");
        peer.HangUp();
        await WorkersAsync(node, 1, "gone");

        Assert.Equal(
            ["Worker tcp://10.0.0.7:4711 is connected; workers are there now: 1.",
                "Worker tcp://10.0.0.7:4711 is gone: The peer has hung up. Messages that go to others: 0; workers left: 0."],
            node.Log.Lines.Where(line => line.Category == "outputs.work").Select(line => line.Text));
    }

    [Fact]
    public async Task The_engine_is_asked_for_a_PUSH_socket_with_heartbeats_of_its_own()
    {
        await using var node = await StartAsync(options => options with { Linger = TimeSpan.FromSeconds(3) });

        Assert.Equal(
            (PeerSocketType.Push, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)),
            (_peers.Settings.Socket, _peers.Settings.HeartbeatInterval, _peers.Settings.HeartbeatTimeout, _peers.Settings.Linger));
    }

    private static DistributorOutput.Options Options() => new() { Bind = ["tcp://127.0.0.1:5223"] };

    private static IReadOnlyList<WorkerLine> Workers(TestNode node) => node["outputs.work"].Workers!;

    private static Task OutAsync(TestNode node, long count) =>
        Eventually.IsTrueAsync(() => node["outputs.work"].Out == count, () => node.Node.Ledger().ToJson());

    private static Task HoldsAsync(TestNode node, int count) => node.HoldsAsync("outputs/work", count);

    private static Task WorkersAsync(TestNode node, int count, string state) =>
        Eventually.IsTrueAsync(() => Workers(node).Count(line => line.State == state) == count, () => node.Node.Ledger().ToJson());

    private Task<TestNode> StartAsync(Func<DistributorOutput.Options, DistributorOutput.Options>? with = null, int capacity = 10_000, Overflow overflow = Overflow.Wait) =>
        TestNode.StartAsync(Chain(Some.Component<DistributorOutput>("work", with?.Invoke(Options()) ?? Options()).Bounded(capacity, overflow)), Engine);

    private NodeDefinition Chain(ComponentDefinition output) => Some.Chain(_source.Input(), output);

    private void Engine(IServiceCollection services) => services.AddSingleton<IPeerEngine>(_peers);

    private void Send(Receipt receipt) => _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage("{}"u8.ToArray(), null, receipt)));
}
