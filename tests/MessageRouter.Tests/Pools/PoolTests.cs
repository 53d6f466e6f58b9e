using System.Collections.Concurrent;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Pools;

public class PoolTests
{
    private readonly ProbeSource _source = new();

    [Fact]
    public async Task Round_robin_gives_even_shares_within_one_message()
    {
        await using var node = await StartAsync(Pass(), 4);

        _source.SendNumbers(1, 10);
        _source.SendNumbers(11, 1);
        _source.SendNumbers(12, 51);
        await node.SinkAsync(62);

        Assert.Equal([15, 15, 16, 16], Workers(node).Select(worker => worker.In).Order());
    }

    [Fact]
    public async Task A_pool_of_one_keeps_the_order()
    {
        await using var node = await StartAsync(Pass(), 1);

        for (var n = 1; n <= 500; n++) _source.SendNumbers(n, 1);

        Assert.Equal(Some.Texts(1, 500), await node.SinkAsync(500));
    }

    [Fact]
    public async Task Copies_work_beside_one_another()
    {
        using var together = new Barrier(3);
        await using var node = await StartAsync(ScriptedFilter.Of(message => together.SignalAndWait(TestNode.Patience) ? message : null), 3);

        _source.SendNumbers(1, 3);

        Assert.Equal(3, (await node.SinkAsync(3)).Count);
    }

    [Fact]
    public async Task A_copy_that_has_no_room_is_passed_over()
    {
        using var release = new ManualResetEventSlim();
        var held = 0;
        await using var node = await StartAsync(ScriptedFilter.Of(message =>
        {
            if (Interlocked.Exchange(ref held, 1) == 0) release.Wait(TestNode.Patience);
            return message;
        }).Bounded(2, Overflow.Wait), 2);

        // One copy is at its first message; at most two more wait for it.
        for (var n = 1; n <= 40; n++) await _source.Intake.AddAsync(Batch(n)).WaitAsync(TestNode.Patience);

        Assert.InRange((await node.SinkAsync(37)).Count, 37, 39);
        release.Set();
        await node.SinkAsync(40);
    }

    [Fact]
    public async Task While_no_copy_has_room_the_pool_holds_its_messages_and_the_sender_waits()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            _source.Input().Bounded(4), Pass().Bounded(4, Overflow.Wait) with { Instances = 2 }, gate.Output().Bounded(1, Overflow.Wait));

        // More than all the mailboxes on the way take.
        const int sent = 200;
        for (var n = 1; n <= sent; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node["filters.f"].Queued >= 8 && node["inputs.in"].Queued > 0);
        gate.Open();

        await Eventually.IsTrueAsync(() => gate.Taken.Count == sent);
        await node.StopAsync();
        Assert.Equal([], node["filters.f"].Dropped);
    }

    [Fact]
    public async Task Least_busy_prefers_the_idle()
    {
        using var release = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        await using var node = await StartAsync(ScriptedFilter.Of(message =>
        {
            if ((int)message["n"]! != 1) return message;
            isHeld.Set();
            release.Wait(TestNode.Patience);
            return message;
        }), 3, PoolRoute.LeastBusy);

        _source.SendNumbers(1, 1);
        isHeld.Wait(TestNode.Patience);
        for (var n = 2; n <= 60; n++)
        {
            _source.SendNumbers(n, 1);
            await node.SinkAsync(n - 1);
        }

        Assert.Single(Workers(node), worker => worker.In == 1);
        release.Set();
        await node.SinkAsync(60);
    }

    [Fact]
    public async Task Least_busy_shares_a_batch_out_evenly_among_the_idle()
    {
        await using var node = await StartAsync(Pass(), 3, PoolRoute.LeastBusy);

        _source.SendNumbers(1, 30);
        await node.SinkAsync(30);

        Assert.Equal([10, 10, 10], Workers(node).Select(worker => worker.In));
    }

    [Fact]
    public async Task Hash_gives_all_messages_of_a_key_to_one_copy_and_every_copy_some_keys()
    {
        var byKey = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        await using var node = await StartAsync(Named((name, message) =>
        {
            byKey.GetOrAdd((string)message["user.id"]!, _ => new()).TryAdd(name, true);
            return message;
        }), 4, PoolRoute.Hash("user.id"));

        for (var n = 0; n < 1000; n++) _source.Send($$"""{"user":{"id":"u{{n % 100}}"},"n":{{n}}}""");
        await node.SinkAsync(1000);

        Assert.All(byKey.Values, copies => Assert.Single(copies));
        Assert.All(Workers(node), worker => Assert.InRange(worker.In, 50, 500));
    }

    [Fact]
    public async Task Hash_takes_a_value_for_the_same_however_it_is_escaped_and_messages_without_the_field_for_one_key()
    {
        var copies = new ConcurrentDictionary<string, bool>();
        await using var node = await StartAsync(Named((name, message) =>
        {
            copies.TryAdd($"{message["k"] ?? "none"} {name}", true);
            return message;
        }), 8, PoolRoute.Hash("k"));

        _source.Send("""{"k":"A1"}""", """{"k":"\u0041\u0031"}""", """{"n":1}""", """{"n":2}""", "[3]");
        await node.SinkAsync(5);

        Assert.Equal(2, copies.Count);
    }

    [Fact]
    public async Task A_failing_copy_is_restarted_while_the_others_go_on_and_its_queue_stays()
    {
        using var release = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        await using var node = await StartAsync(ScriptedFilter.Of(message =>
        {
            if ((string?)message["do"] != "fail") return message;
            isHeld.Set();
            release.Wait(TestNode.Patience);
            throw new InvalidOperationException("no");
        }), 2);

        _source.Send("""{"do":"fail"}""");
        isHeld.Wait(TestNode.Patience);
        _source.SendNumbers(1, 10);
        Assert.Equal(5, (await node.SinkAsync(5)).Count);
        Assert.Equal(6, Workers(node)[0].Queued);
        release.Set();
        await node.SinkAsync(10);

        var (failed, other) = (Workers(node)[0], Workers(node)[1]);
        Assert.Equal((1L, 1L, 5L, 6L, "running"), (failed.Restarts!.Value, failed.Failed!.Value, failed.Out, failed.In, failed.State));
        Assert.Contains("no", failed.LastError);
        Assert.Equal((0L, 0L, 5L, null), (other.Restarts!.Value, other.Failed!.Value, other.Out, other.LastError));
        Assert.Equal(1, node["filters.f"].Failed);
        Assert.Equal(1, node["filters.f"].Restarts);
    }

    [Fact]
    public async Task Errors_name_the_block_and_the_log_names_the_copy()
    {
        await using var node = await StartAsync(ScriptedFilter.Throwing(n => n == 1), 2);

        _source.SendNumbers(1, 1);

        await Eventually.IsTrueAsync(() => node.Texts("errors").Count == 1);
        Assert.Contains("\"component\":\"filters.f\"", node.Texts("errors")[0]);
        await Eventually.IsTrueAsync(() => node.Log.Lines.Any(line => line.Category == "filters.f/1" && line.Text.Contains("Restarting")));
    }

    [Fact]
    public async Task Resume_goes_on_with_the_same_copy()
    {
        await using var node = await StartAsync(ScriptedFilter.Throwing(n => n % 2 == 0).On(OnError.Resume), 2);

        _source.SendNumbers(1, 10);
        await node.SinkAsync(5);

        Assert.Equal(5, node["filters.f"].Failed);
        Assert.Equal(0, node["filters.f"].Restarts);
    }

    [Fact]
    public async Task Stop_ends_a_copy_for_good_and_its_queue_goes_to_the_others()
    {
        using var release = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        await using var node = await StartAsync(ScriptedFilter.Of(message =>
        {
            if ((string?)message["do"] != "fail") return message;
            isHeld.Set();
            release.Wait(TestNode.Patience);
            throw new InvalidOperationException("no");
        }).On(OnError.Stop), 2);

        _source.Send("""{"do":"fail"}""");
        isHeld.Wait(TestNode.Patience);
        _source.SendNumbers(1, 10);
        release.Set();
        await node.SinkAsync(10);

        Assert.Equal(["stopped", "running"], Workers(node).Select(worker => worker.State));
        Assert.False(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task When_the_last_copy_has_stopped_the_component_has()
    {
        await using var node = await StartAsync(ScriptedFilter.Throwing(n => n <= 2).On(OnError.Stop), 2);

        _source.SendNumbers(1, 5);

        await Eventually.IsTrueAsync(() => node.Node.HasFailedComponents);
        _source.SendNumbers(6, 1);
        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped.GetValueOrDefault("stopped") >= 1);
        var ledger = await node.StopAsync();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(2, node["filters.f"].Failed);
    }

    [Fact]
    public async Task A_pool_drains_its_copies_at_the_end()
    {
        var delay = Some.Component<MessageRouter.Filters.DelayFilter>("f", new MessageRouter.Filters.DelayFilter.Options { Delay = TimeSpan.FromHours(1) });
        await using var node = await StartAsync(delay, 3);
        _source.SendNumbers(1, 30);

        var ledger = await node.StopAsync();

        Assert.Equal(30, node.Texts("outputs.sink").Count);
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(0, ledger.Components.Sum(line => line.Queued));
    }

    [Fact]
    public async Task After_a_stop_every_copy_is_said_to_have_ended()
    {
        await using var node = await StartAsync(Pass(), 3);
        _source.SendNumbers(1, 30);
        await node.SinkAsync(30);
        Assert.All(Workers(node), worker => Assert.Equal("running", worker.State));

        await node.StopAsync();

        Assert.All(Workers(node), worker => Assert.Equal(("ended", (long?)0), (worker.State, worker.Restarts)));
    }

    [Fact]
    public async Task A_copy_that_closes_for_good_does_not_say_that_it_restarts()
    {
        using var release = new ManualResetEventSlim();
        await using var node = await StartAsync(Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options { Close = () => release.Wait(TestNode.Patience) }), 2);

        var stopping = node.StopAsync();
        await Eventually.IsTrueAsync(() => Workers(node).All(worker => worker.State == "ending"), () => node.Node.Ledger().ToJson());
        release.Set();
        await stopping;

        Assert.All(Workers(node), worker => Assert.Equal("ended", worker.State));
    }

    [Fact]
    public async Task A_copy_says_that_it_restarts_while_it_waits_for_that_and_that_it_has_ended_when_the_node_stops_meanwhile()
    {
        await using var node = await StartAsync(ScriptedFilter.Throwing(_ => true), 1);
        _source.SendNumbers(1, 3);

        await Eventually.IsTrueAsync(() => Workers(node)[0] is { State: "restarting", Restarts: 2 }, () => node.Node.Ledger().ToJson());
        await node.StopWhileTimePassesAsync();

        Assert.Equal("ended", Workers(node)[0].State);
    }

    [Fact]
    public async Task A_copy_s_line_says_what_it_let_go_no_further()
    {
        await using var node = await StartAsync(ScriptedFilter.Of(_ => null), 2);
        _source.SendNumbers(1, 10);

        await Eventually.IsTrueAsync(() => Workers(node).Sum(worker => worker.Filtered) == 10, () => node.Node.Ledger().ToJson());
    }

    [Fact]
    public async Task What_a_pool_has_when_the_drain_is_cut_short_is_counted()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Pass() with { Instances = 3 }, gate.Output().Bounded(1, Overflow.Wait));
        for (var n = 1; n <= 50; n++) _source.SendNumbers(n, 10);
        await Eventually.IsTrueAsync(() => Workers(node).All(worker => worker.Queued > 0));

        Assert.False(await node.StopWhileTimePassesAsync(new CancellationToken(canceled: true)));

        var ledger = node.Node.Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.All(ledger.Components, line => Assert.Equal(0, line.Queued));
        Assert.True(ledger.Components.Sum(line => line.Dropped.GetValueOrDefault("shutdown")) > 0);
    }

    [Fact]
    public async Task A_copy_that_cannot_be_made_fails_the_start()
    {
        var made = 0;
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Create = () =>
            {
                if (Interlocked.Increment(ref made) == 3) throw new InvalidOperationException("no third");
            },
        });

        var failure = await Assert.ThrowsAsync<ComponentStartException>(() => StartAsync(filter, 3));

        Assert.Equal("filters.f could not be started: no third", failure.Message);
    }

    [Fact]
    public async Task A_message_lost_between_pool_and_copy_shows()
    {
        await using var node = await StartAsync(Pass(), 2);
        _source.SendNumbers(1, 4);
        await node.SinkAsync(4);
        Assert.True(node.Node.Ledger().Balanced);
        var mailbox = ComponentCells.Of(node.System).Find(ActorPath.Parse("akka://test/user/router/filters/f/1")).Mailbox;
        mailbox.Pause(PauseReasons.Busy);
        _source.SendNumbers(5, 2);
        await Eventually.IsTrueAsync(() => mailbox.Queued == 1);
        Assert.True(node.Node.Ledger().Balanced);

        var lost = mailbox.TakeAll();

        Assert.False(node.Node.Ledger().Balanced);
        foreach (var delivery in lost) mailbox.Counts.Held.Add(delivery.Batch);
        mailbox.Return(lost);
        mailbox.Resume(PauseReasons.Busy);
        await node.SinkAsync(6);
    }

    private Task<TestNode> StartAsync(ComponentDefinition filter, int instances, PoolRoute? route = null) =>
        TestNode.StartChainAsync(_source.Input(), filter with { Instances = instances, Route = route ?? PoolRoute.RoundRobin });

    private MessageBatch Batch(int n) => MessageBatch.Of(_source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes(Some.Text(n))));

    private static ComponentDefinition Pass() => ScriptedFilter.Of(message => message);

    private static ComponentDefinition Named(Func<string, Message, Message?> filter) =>
        Some.Component<NamedFilter>("f", new NamedFilter.Options { Filter = filter });

    private static IReadOnlyList<MessageRouter.Ledger.WorkerLine> Workers(TestNode node) => node["filters.f"].Workers!;

    /// <summary>A filter that tells a test which copy it is.</summary>
    internal sealed class NamedFilter(NamedFilter.Options options) : FilterActor
    {
        protected override void Open() => options.Open(Name);

        protected override Message? Filter(Message message) => options.Filter(Name, message);

        internal sealed record Options
        {
            public required Func<string, Message, Message?> Filter { get; init; }

            public Action<string> Open { get; init; } = _ => { };
        }
    }
}
