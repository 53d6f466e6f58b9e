using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Distribution;

public class AtLeastOnceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ProbeSource _source = new();
    private readonly FakePeers _peers = new();

    [Fact]
    public async Task A_worker_is_told_the_session_and_the_heartbeat_and_shown_by_its_name()
    {
        await using var node = await StartAsync();
        var worker = await ConnectAsync("one");

        Assert.Equal((LinkWord.Version, Interval, TimeSpan.FromSeconds(5)), (worker.Welcome.Speaks, worker.Welcome.HeartbeatInterval, worker.Welcome.HeartbeatTimeout));
        Assert.Equal([("one (tcp://one)", "connected")], Workers(node).Select(line => (line.Name, line.State)));
        Assert.Equal((PeerSocketType.Router, TimeSpan.Zero), (_peers.Settings.Socket, _peers.Settings.HeartbeatInterval));
        Assert.InRange(_peers.Settings.MaxMessageSize, LinkCodec.ToMessage(new LinkWord.Done(1, new ulong[1000])).Size, 64 << 10);
    }

    [Fact]
    public async Task A_message_is_out_when_a_worker_is_done_with_it()
    {
        await using var node = await StartAsync();
        var receipt = new ProbeReceipt();
        var worker = await ConnectAsync("one");
        Send(receipt);
        await worker.HasAsync(1);
        await node.HandledAsync("outputs/work");
        Assert.Equal((0, 1), (node["outputs.work"].Out, node["outputs.work"].Queued));
        Assert.False(receipt.Settled.IsCompleted);

        worker.Done(0);

        Assert.Equal((Fate.Done, (string?)null), await receipt.Settled.WaitAsync(TestNode.Patience));
        await OutAsync(node, 1);
    }

    [Fact]
    public async Task A_delivery_carries_the_frames_of_its_message()
    {
        await using var node = await StartAsync();
        var worker = await ConnectAsync("one");

        _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage("{}"u8.ToArray(), ["topic"u8.ToArray()])));
        await worker.HasAsync(1);

        Assert.Equal("topic", System.Text.Encoding.UTF8.GetString(worker.Given[0].Message.LeadingFrames[1].Span));
        worker.Done(0);
    }

    [Fact]
    public async Task A_worker_never_has_more_unanswered_messages_than_its_window()
    {
        await using var node = await StartAsync();
        var worker = await ConnectAsync("one", window: 3);
        _source.SendNumbers(1, 5);
        await worker.HasAsync(3);
        Assert.Equal(("busy", 3L, 3L), Workers(node).Select(line => (line.State, line.Unanswered!.Value, line.Queued)).Single());

        worker.Done(0);
        await worker.HasAsync(4);
        worker.Done(1, 2, 3);
        await worker.HasAsync(5);
        worker.Done(4);

        await OutAsync(node, 5);
    }

    [Fact]
    public async Task What_a_dead_worker_did_not_answer_goes_to_another_before_what_is_newer()
    {
        await using var node = await StartAsync();
        var one = await ConnectAsync("one", window: 4);
        _source.SendNumbers(1, 6);
        await one.HasAsync(4);
        one.Done(1);
        await one.HasAsync(5);

        one.Peer.HangUp();
        var other = await ConnectAsync("other");
        await other.HasAsync(5);

        Assert.Equal(new[] { 1, 3, 4, 5, 6 }.Select(Some.Text), other.Texts);
        Assert.Equal([1u, 1u, 1u, 1u, 0u], other.Given.Select(each => each.Word.Redeliveries));
        Assert.Equal(new[] { 0, 2, 3, 4 }.Select(i => one.Given[i].Word.Id), other.Given.Take(4).Select(each => each.Word.Id));
        Assert.Empty(one.Given.Select(each => each.Word.Tag).Intersect(other.Given.Select(each => each.Word.Tag)));
        other.Done(0, 1, 2, 3, 4);
        await OutAsync(node, 6);
        Assert.Equal(4, Workers(node).Single(line => line.Name.StartsWith("other", StringComparison.Ordinal)).Redelivered);
    }

    [Fact]
    public async Task A_lease_that_is_over_has_another_do_it_and_the_late_answer_counts_all_the_same()
    {
        await using var node = await StartAsync(options => options with { Lease = TimeSpan.FromSeconds(3) });
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 1);
        await one.HasAsync(1);
        var other = await ConnectAsync("other");

        await PassAsync(node, 3, one, other);
        await other.HasAsync(1);
        one.Done(0);
        await OutAsync(node, 1);
        other.Done(0);
        await Eventually.IsTrueAsync(() => Workers(node).All(line => line.Unanswered == 0));

        Assert.Equal(1, node["outputs.work"].Out);
        Assert.Equal(1, Workers(node)[0].Failed);
        Assert.Equal("It had a message for 3 s, its lease, and was not done with it.", Workers(node)[0].LastError);
    }

    [Fact]
    public async Task A_message_on_which_workers_fail_too_often_goes_to_the_error_chain()
    {
        await using var node = await StartAsync(options => options with { MaxDeliveries = 3 });
        var receipt = new ProbeReceipt();
        var worker = await ConnectAsync("one");
        Send(receipt);
        for (var i = 0; i < 3; i++)
        {
            await worker.HasAsync(i + 1);
            worker.Fail(i, $"bad luck {i + 1}");
        }
        await Eventually.IsTrueAsync(() => node["outputs.work"].Failed == 1);

        const string reason = "Given up after 3 deliveries on which workers failed. The last: bad luck 3";
        Assert.Equal((Fate.Failed, reason), await receipt.Settled.WaitAsync(TestNode.Patience));
        await Eventually.IsTrueAsync(() => node.Recorded["errors"].Count == 1);
        Assert.Equal(reason, (string?)node.Recorded["errors"][0]["error"]);
        Assert.Equal((3L, "bad luck 3"), Workers(node).Select(line => (line.Failed!.Value, line.LastError)).Single());
    }

    [Fact]
    public async Task What_a_worker_returns_goes_to_another_however_often()
    {
        await using var node = await StartAsync(options => options with { MaxDeliveries = 1 });
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 1);
        await one.HasAsync(1);
        var other = await ConnectAsync("other");

        one.Return(0);
        await other.HasAsync(1);
        other.Return(0);
        await one.HasAsync(2);
        one.Done(1);

        await OutAsync(node, 1);
    }

    [Fact]
    public async Task A_worker_that_leaves_gets_no_more_and_still_answers()
    {
        await using var node = await StartAsync();
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 1);
        await one.HasAsync(1);
        one.Say(new LinkWord.Leaving());
        await Eventually.IsTrueAsync(() => Workers(node).Single().State == "leaving");

        _source.SendNumbers(2, 5);
        one.Done(0);
        await OutAsync(node, 1);
        Assert.Single(one.Given);
        var other = await ConnectAsync("other");
        await other.HasAsync(5);
        other.Done(0, 1, 2, 3, 4);
        await OutAsync(node, 6);
    }

    [Fact]
    public async Task Words_of_another_session_are_not_heard()
    {
        await using var node = await StartAsync();
        var worker = await ConnectAsync("one");
        _source.SendNumbers(1, 1);
        await worker.HasAsync(1);
        var session = worker.Welcome.Session + 1;

        worker.Say(new LinkWord.Done(session, [worker.Tag(0)]));
        worker.Say(new LinkWord.Return(session, [worker.Tag(0)]));
        worker.Say(new LinkWord.Failed(session, worker.Tag(0), "no"));
        await node.HandledAsync("outputs/work");
        Assert.Equal((0, 1), (node["outputs.work"].Out, node["outputs.work"].Queued));

        worker.Done(0);
        await OutAsync(node, 1);
        Assert.Single(worker.Given);
    }

    public static TheoryData<string> Malformed => ["", "01", "0101", "02", "0200000000000000000102", "03", "05ff", "07", "81", "82", "ff", "01010000000000"];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_word_ends_that_connection_alone(string hex)
    {
        await using var node = await StartAsync();
        var bad = await ConnectAsync("bad");
        _source.SendNumbers(1, 1);
        await bad.HasAsync(1);
        var good = await ConnectAsync("good");

        bad.Peer.Say(Message.FromBytes(Convert.FromHexString(hex)));
        await good.HasAsync(1);
        good.Done(0);

        await OutAsync(node, 1);
        Assert.NotNull(bad.Peer.DisconnectedBecause);
        Assert.Null(good.Peer.DisconnectedBecause);
        Assert.Equal(0, node["outputs.work"].Restarts);
    }

    [Fact]
    public async Task A_peer_that_does_not_say_HELLO_first_is_not_taken()
    {
        await using var node = await StartAsync();
        var peer = _peers.Connect("tcp://rude");
        peer.Say(LinkCodec.ToMessage(new LinkWord.Leaving()));

        await Eventually.IsTrueAsync(() => peer.DisconnectedBecause == "It did not say HELLO first.");
    }

    [Fact]
    public async Task A_worker_with_another_version_is_refused()
    {
        await using var node = await StartAsync();
        var peer = _peers.Connect("tcp://new");
        peer.Say(LinkCodec.ToMessage(new LinkWord.Hello(2, 10, "new")));
        await Eventually.IsTrueAsync(() => peer.Sent.Count == 1);

        Assert.True(LinkCodec.TryRead(peer.Sent[0], out var word));
        Assert.Equal("Version 1 of the protocol is spoken here, not 2.", Assert.IsType<LinkWord.Refused>(word).Reason);
        await Eventually.IsTrueAsync(() => Workers(node).Single().State == "gone");
        Assert.Equal("It was refused: it speaks version 2 of the protocol, not 1.", peer.DisconnectedBecause);
        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node["outputs.work"].Queued == 1);
        var worker = await ConnectAsync("one");
        await worker.HasAsync(1);
        worker.Done(0);
        await OutAsync(node, 1);
    }

    [Fact]
    public async Task A_worker_that_is_silent_for_too_long_is_dead()
    {
        await using var node = await StartAsync();
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 1);
        await one.HasAsync(1);
        var other = await ConnectAsync("other");

        await PassAsync(node, 5, other);
        Assert.Null(one.Peer.DisconnectedBecause);
        await PassAsync(node, 1, other);
        await other.HasAsync(1);
        other.Done(0);

        await OutAsync(node, 1);
        Assert.Equal("It was silent for 5 s.", one.Peer.DisconnectedBecause);
        Assert.Equal(5, one.Pings);
        Assert.Null(other.Peer.DisconnectedBecause);
    }

    [Fact]
    public async Task A_stop_waits_for_answers()
    {
        await using var node = await StartAsync();
        var worker = await ConnectAsync("one");
        _source.SendNumbers(1, 2);
        await worker.HasAsync(2);

        var stopping = node.StopAsync();
        worker.Done(0);
        await OutAsync(node, 1);
        Assert.False(stopping.IsCompleted);
        worker.Done(1);

        Assert.Equal(2, (await stopping).Components.Single(line => line.Name == "outputs.work").Out);
    }

    [Fact]
    public async Task What_is_not_answered_in_time_when_the_node_stops_is_counted()
    {
        await using var node = await StartAsync();
        var receipt = new ProbeReceipt();
        var worker = await ConnectAsync("one");
        Send(receipt);
        await worker.HasAsync(1);

        await node.Node.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(1, node["outputs.work"].Dropped[DropReasons.Shutdown]);
        Assert.Equal((Fate.Returned, DropReasons.Shutdown), await receipt.Settled.WaitAsync(TestNode.Patience));
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
    }

    [Fact]
    public async Task After_a_restart_everything_unanswered_is_delivered_again_in_order_with_its_id_and_its_failures()
    {
        await using var node = await StartAsync(options => options with { MaxDeliveries = 2 });
        var receipt = new ProbeReceipt();
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 3);
        await one.HasAsync(3);
        one.Fail(0);
        await one.HasAsync(4);
        Send(receipt);
        await one.HasAsync(5);

        one.Peer.Failure = new InvalidOperationException("no");
        _source.SendNumbers(4, 1);
        await Eventually.IsTrueAsync(() => _peers.Opened == 2);
        var other = await ConnectAsync("other");
        await other.HasAsync(5);

        Assert.NotEqual(one.Welcome.Session, other.Welcome.Session);
        Assert.Equal([Some.Text(1), Some.Text(2), Some.Text(3), "{}", Some.Text(4)], other.Texts);
        Assert.Equal([2u, 1u, 1u, 3u, 1u], other.Given.Select(each => each.Word.Redeliveries));
        Assert.Equal(one.Given.Take(3).Select(each => each.Word.Id), other.Given.Take(3).Select(each => each.Word.Id));
        other.Fail(0);
        other.Done(1, 2, 3, 4);
        await OutAsync(node, 4);
        Assert.Equal(1, node["outputs.work"].Failed);
        Assert.Equal((Fate.Done, (string?)null), await receipt.Settled.WaitAsync(TestNode.Patience));
        Assert.Equal(1, receipt.Times);
    }

    [Fact]
    public async Task A_distributor_that_fails_once_more_while_it_closes_for_a_restart_forgets_no_worker()
    {
        await using var node = await StartAsync();
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 2);
        await one.HasAsync(2);
        var two = _peers.Connect("tcp://two");
        two.Failure = new InvalidOperationException("no welcome");
        one.Peer.OnDisconnect = () => two.Say(LinkCodec.ToMessage(new LinkWord.Hello(LinkWord.Version, 10, "two")));

        one.Peer.Failure = new InvalidOperationException("no");
        _source.SendNumbers(3, 1);
        await Eventually.IsTrueAsync(() => _peers.Opened == 2);
        Assert.Null(two.Failure);
        var other = await ConnectAsync("other");
        await other.HasAsync(3);

        Assert.Equal(Some.Texts(1, 3), other.Texts);
        Assert.Equal(["gone", "gone"], Workers(node).Where(line => !line.Name.StartsWith("other", StringComparison.Ordinal)).Select(line => line.State));
        other.Done(0, 1, 2);
        await OutAsync(node, 3);
    }

    [Fact]
    public async Task A_failure_on_one_worker_that_is_to_be_passed_over_leaves_nothing_of_the_others_unheard()
    {
        await using var node = await StartAsync(onError: OnError.Resume);
        var one = await ConnectAsync("one");
        _source.SendNumbers(1, 1);
        await one.HasAsync(1);
        var two = _peers.Connect("tcp://two");
        two.Failure = new InvalidOperationException("no welcome");
        one.Peer.OnSend = () =>
        {
            two.Say(LinkCodec.ToMessage(new LinkWord.Hello(LinkWord.Version, 10, "two")));
            one.Done(0);
        };

        _source.SendNumbers(2, 1);
        await OutAsync(node, 1);

        Assert.Null(two.Failure);
        one.Done(1);
        await OutAsync(node, 2);
    }

    [Fact]
    public async Task A_message_that_came_over_a_link_keeps_its_id_and_its_redeliveries_add_up()
    {
        await using var node = await StartAsync();
        var one = await ConnectAsync("one");
        Send(new ProbeReceipt());
        await one.HasAsync(1);
        one.Peer.HangUp();
        var other = await ConnectAsync("other");
        await other.HasAsync(1);

        Assert.Equal([("probe", 2u), ("probe", 3u)], one.Given.Concat(other.Given).Select(each => (each.Word.Id, each.Word.Redeliveries)));
        other.Done(0);
        await OutAsync(node, 1);
    }

    private static IReadOnlyList<WorkerLine> Workers(TestNode node) => node["outputs.work"].Workers!;

    private static Task OutAsync(TestNode node, long count) =>
        Eventually.IsTrueAsync(() => node["outputs.work"].Out == count, () => node.Node.Ledger().ToJson());

    /// <summary>Lets some heartbeats go by, in which these workers say that they are there.</summary>
    private static async Task PassAsync(TestNode node, int heartbeats, params FakeWorker[] alive)
    {
        for (var i = 0; i < heartbeats; i++)
        {
            foreach (var worker in alive) worker.Say(new LinkWord.WorkerPing());
            await node.HandledAsync("outputs/work");
            node.Clock.Advance(Interval);
            await node.HandledAsync("outputs/work");
        }
    }

    private Task<FakeWorker> ConnectAsync(string name, uint window = 100) => FakeWorker.ConnectAsync(_peers, name, window);

    private Task<TestNode> StartAsync(Func<DistributorOutput.Options, DistributorOutput.Options>? with = null, OnError onError = OnError.Restart)
    {
        var options = new DistributorOutput.Options { Bind = ["tcp://127.0.0.1:5223"], Delivery = DeliveryMode.AtLeastOnce };
        return TestNode.StartAsync(
            Some.Chain(_source.Input(), Some.Component<DistributorOutput>("work", with?.Invoke(options) ?? options).On(onError)),
            services => services.AddSingleton<IPeerEngine>(_peers));
    }

    private void Send(Receipt receipt) => _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage("{}"u8.ToArray(), null, receipt)));
}
