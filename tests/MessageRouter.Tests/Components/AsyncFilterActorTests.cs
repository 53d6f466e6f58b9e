using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

public class AsyncFilterActorTests
{
    private readonly ProbeSource _source = new();
    private readonly ScriptedAsync.Script _script = new();

    [Fact]
    public async Task Works_on_so_many_messages_at_a_time_and_no_more()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(concurrency: 3));

        _source.SendNumbers(1, 10);
        await node.HoldsAsync("filters/f", 3);
        Assert.Equal([1, 2, 3], _script.Begun);

        _script[1].Pass();
        await _script.BegunAsync(4);
        await node.HandledAsync("filters/f");
        Assert.Equal([1, 2, 3, 4], _script.Begun);
        Assert.Equal(9, node["filters.f"].Queued);
        await FinishAsync(2, 10);
    }

    [Fact]
    public async Task Messages_go_on_in_the_order_in_which_they_came()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter());
        _source.SendNumbers(1, 4);
        await _script.BegunAsync(4);

        _script[4].Pass();
        _script[2].Pass();
        await node.HoldsAsync("filters/f", 4);
        Assert.Empty(node.Texts("outputs.sink"));
        _script[1].Pass();
        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
        _script[3].Pass();

        Assert.Equal(Some.Texts(1, 4), await node.SinkAsync(4));
    }

    [Fact]
    public async Task What_waits_for_its_turn_counts_as_worked_on()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(concurrency: 2));
        _source.SendNumbers(1, 3);
        await _script.BegunAsync(2);

        _script[2].Pass();
        await node.HandledAsync("filters/f");
        Assert.Equal([1, 2], _script.Begun);
        _script[1].Pass();
        await _script.BegunAsync(3);
        _script[3].Pass();

        Assert.Equal(Some.Texts(1, 3), await node.SinkAsync(3));
    }

    [Fact]
    public async Task Without_order_messages_go_on_as_they_are_done()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(ordered: false));
        _source.SendNumbers(1, 3);
        await _script.BegunAsync(3);

        for (var i = 1; i <= 3; i++)
        {
            _script[4 - i].Pass();
            await node.SinkAsync(i);
        }

        Assert.Equal([Some.Text(3), Some.Text(2), Some.Text(1)], node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task A_result_takes_the_messages_place_and_null_filters_it_out()
    {
        var receipts = new[] { new ProbeReceipt(), new ProbeReceipt() };
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter());
        for (var n = 1; n <= 2; n++) Send(n, receipts[n - 1]);
        await _script.BegunAsync(2);

        _script[1].Completion.SetResult(Message.FromJson("[]"));
        _script[2].Completion.SetResult(null);
        await node.StopAsync();

        Assert.Equal(["[]"], node.Texts("outputs.sink"));
        Assert.Equal((2, 1, 1), (node["filters.f"].In, node["filters.f"].Out, node["filters.f"].Filtered));
        foreach (var receipt in receipts) Assert.Equal((Fate.Done, null), await receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_failure_restarts_the_filter_which_does_again_what_was_under_way_in_its_order()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(concurrency: 3));
        _source.SendNumbers(1, 5);
        await _script.BegunAsync(3);
        _script[1].Pass();
        await _script.BegunAsync(4);
        var (third, fourth) = (_script[3], _script[4]);
        _script[2].Fail();
        await _script.BegunAsync(7);

        Assert.Equal([1, 2, 3, 4, 3, 4, 5], _script.Begun);
        Assert.True(third.Cancellation.IsCancellationRequested && fourth.Cancellation.IsCancellationRequested);
        await FinishAsync(3, 5);
        Assert.Equal([Some.Text(1), .. Some.Texts(3, 3)], await node.SinkAsync(4));
        Assert.Equal((1, 1), (node["filters.f"].Failed, node["filters.f"].Restarts));
        Assert.Equal(Some.Text(2), Assert.Single(node.Recorded["errors"])["payload"]);
    }

    [Fact]
    public async Task What_an_earlier_instance_finishes_late_is_not_used()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter());
        _source.SendNumbers(1, 2);
        await _script.BegunAsync(2);
        var late = _script[2];
        _script[1].Fail();
        await _script.BegunAsync(3);

        late.Completion.SetResult(Message.FromText("late"));
        await node.HandledAsync("filters/f");
        Assert.Equal(1, node["filters.f"].Queued);
        _script[2].Pass();

        Assert.Equal([Some.Text(2)], await node.SinkAsync(1));
        Assert.Equal(1, node["filters.f"].Out);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_several_that_fail_at_a_time_one_is_lost_with_each_restart(bool ordered)
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Some.Component<Throws>("f") with { Async = new AsyncOptions { Ordered = ordered } });

        _source.SendNumbers(1, 3);

        // The second restart waits.
        await Eventually.IsTrueAsync(() => node["filters.f"] is { Restarts: 2, Failed: 2, Queued: 1 }, () => node["filters.f"].ToString());
        await node.StopWhileTimePassesAsync();
        Assert.Equal(Some.Texts(1, 3), node.Recorded["errors"].Select(error => (string)error["payload"]!));
    }

    [Fact]
    public async Task A_failure_of_a_handler_of_its_own_loses_no_message()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter());
        _source.SendNumbers(1, 2);
        await _script.BegunAsync(2);

        _script.Self.Tell(new InvalidOperationException("no"));
        await _script.BegunAsync(4);
        await FinishAsync(1, 2);

        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
    }

    [Fact]
    public async Task A_message_at_fault_costs_no_restart()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter());
        _source.SendNumbers(1, 3);
        await _script.BegunAsync(3);

        _script[2].Fail(new MessageException("two"));
        _script[3].Pass();
        _script[1].Pass();

        Assert.Equal([Some.Text(1), Some.Text(3)], await node.SinkAsync(2));
        Assert.Equal((1, 0), (node["filters.f"].Failed, node["filters.f"].Restarts));
        Assert.Equal([1, 2, 3], _script.Begun);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_resume_nothing_is_done_again(bool ordered)
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(ordered: ordered).On(OnError.Resume));
        _source.SendNumbers(1, 3);
        await _script.BegunAsync(3);

        _script[1].Fail();
        _script[3].Fail();
        _script[2].Pass();

        Assert.Equal([Some.Text(2)], await node.SinkAsync(1));
        await Eventually.IsTrueAsync(() => node["filters.f"].Failed == 2);
        Assert.Equal([1, 2, 3], _script.Begun);
    }

    [Fact]
    public async Task What_throws_before_it_returns_a_task_fails_like_any_other()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<Throws>("f"));
        var receipt = new ProbeReceipt();

        Send(1, receipt);

        Assert.Equal((Fate.Failed, "at once"), await receipt.Settled.WaitAsync(TestNode.Patience));
        Assert.Equal(1, node["filters.f"].Failed);
    }

    [Fact]
    public async Task A_node_that_stops_waits_for_what_is_under_way()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(concurrency: 2));
        _source.SendNumbers(1, 3);
        await _script.BegunAsync(2);

        var stopping = node.StopAsync();
        await FinishAsync(1, 3);
        var ledger = await stopping;

        Assert.Equal(Some.Texts(1, 3), node.Texts("outputs.sink"));
        Assert.True(ledger.Balanced, ledger.ToJson());
    }

    [Fact]
    public async Task What_a_stop_does_not_wait_for_is_cancelled_and_counted()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), _script.Filter(concurrency: 2));
        _source.SendNumbers(1, 3);
        await _script.BegunAsync(2);

        await node.StopWhileTimePassesAsync(new CancellationToken(canceled: true));

        Assert.True(_script[1].Cancellation.IsCancellationRequested);
        Assert.Equal(3, node["filters.f"].Dropped[DropReasons.Shutdown]);
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task Holds_its_senders_up_when_it_and_its_mailbox_are_full()
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), _script.Filter(concurrency: 2).Bounded(3, Overflow.Wait));

        for (var n = 1; n <= 10; n++) _source.SendNumbers(n, 1);
        await node.HoldsAsync("filters/f", 2);
        Assert.Equal([1, 2], _script.Begun);
        await FinishAsync(1, 10);

        Assert.Equal(Some.Texts(1, 10), await node.SinkAsync(10));
    }

    /// <summary>Ends the work for some messages, as soon as it has begun.</summary>
    private async Task FinishAsync(int from, int to)
    {
        for (var n = from; n <= to; n++)
        {
            await Eventually.IsTrueAsync(() => _script.Begun.Contains(n));
            _script[n].Completion.TrySetResult(_script[n].Message);
        }
    }

    private void Send(int n, Receipt receipt) =>
        _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes(Some.Text(n)), null, receipt)));

    private sealed class Throws : AsyncFilterActor
    {
        protected override Task<Message?> FilterAsync(Message message, CancellationToken cancellation) => throw new InvalidOperationException("at once");
    }
}
