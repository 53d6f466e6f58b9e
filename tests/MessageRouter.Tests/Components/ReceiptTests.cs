using MessageRouter.Components;
using MessageRouter.Filters;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

/// <summary>Whoever sent a message with a receipt hears what has become of it, once all its branches have ended.</summary>
public class ReceiptTests
{
    private readonly ProbeSource _source = new();
    private readonly ProbeReceipt _receipt = new();

    [Fact]
    public async Task A_delivered_message_is_done()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        Send("{}");

        Assert.Equal((Fate.Done, null), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_message_is_not_done_before_it_is_delivered()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input(), gate.Output());
        Send("{}");
        await node.HoldsAsync("outputs/sink", 1);
        Assert.False(_receipt.Settled.IsCompleted);

        gate.Open();

        Assert.Equal((Fate.Done, null), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_filtered_message_is_done()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<AllFilter>("f"));
        Send("{}");

        Assert.Equal((Fate.Done, null), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task An_edited_message_keeps_its_receipt_and_so_does_a_new_one_in_its_place()
    {
        var seen = new List<MessageDelivery?>();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(),
            ScriptedFilter.Of(message => message.Edit(body => body["a"] = 1), "edit"),
            ScriptedFilter.Of(_ => Message.FromJson("{}"), "replace"),
            ScriptedOutput.Of(message => seen.Add(message.Delivery)));
        Send("{}");

        Assert.Equal((Fate.Done, null), await _receipt.Settled.WaitAsync(TestNode.Patience));
        Assert.Equal([new MessageDelivery("probe", 2)], seen);
    }

    [Fact]
    public async Task A_message_that_a_filter_throws_on_has_failed()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(_ => throw new InvalidOperationException("no")));
        Send("{}");

        Assert.Equal((Fate.Failed, "no"), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_message_that_an_output_throws_on_has_failed()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedOutput.Of(_ => throw new InvalidOperationException("full")));
        Send("{}");

        Assert.Equal((Fate.Failed, "full"), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_message_that_cannot_be_decoded_has_failed()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());
        Send("{");

        Assert.Equal(Fate.Failed, (await _receipt.Settled.WaitAsync(TestNode.Patience)).Fate);
    }

    [Fact]
    public async Task A_message_that_finds_no_room_is_returned()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input(), gate.Output().Bounded(1, Overflow.DropNewest));
        _source.Send("{}");
        await node.HoldsAsync("outputs/sink", 1);
        _source.Send("{}");
        Send("{}");

        Assert.Equal((Fate.Failed, DropReasons.MailboxFull), await _receipt.Settled.WaitAsync(TestNode.Patience));
        gate.Open();
    }

    [Fact]
    public async Task A_message_that_a_stop_leaves_behind_is_returned()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), new Gate().Output());
        Send("{}");
        await node.HoldsAsync("outputs/sink", 1);

        await node.StopWhileTimePassesAsync(new CancellationToken(canceled: true));

        Assert.Equal((Fate.Returned, DropReasons.Shutdown), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task The_worst_of_several_branches_counts_and_only_when_all_have_ended()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(Some.Node(
            _source.Input().To("broken", "slow", "sink"),
            ScriptedOutput.Of(_ => throw new InvalidOperationException("no"), "broken"),
            gate.Output("slow"),
            Some.Sink()));
        Send("{}");
        await node.SinkAsync(1);
        await node.HoldsAsync("outputs/slow", 1);
        await Eventually.IsTrueAsync(() => node["outputs.broken"].Failed == 1);
        Assert.False(_receipt.Settled.IsCompleted);

        gate.Open();

        Assert.Equal((Fate.Failed, "no"), await _receipt.Settled.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_message_that_waits_for_a_restart_is_not_settled_twice()
    {
        var failures = 2;
        await using var node = await TestNode.StartChainAsync(
            _source.Input(),
            ScriptedFilter.Of(message => message.Delivery is null && failures-- > 0 ? throw new InvalidOperationException("no") : message));
        _source.Intake.TryAdd(MessageBatch.Of(New("{}", null), New("{}", _receipt), New("{}", null)));

        Assert.Equal((Fate.Done, null), await _receipt.Settled.WaitAsync(TestNode.Patience));
        await node.StopWhileTimePassesAsync();
        Assert.Equal(1, _receipt.Times);
    }

    private void Send(string payload) => _source.Intake.TryAdd(MessageBatch.Of(New(payload, _receipt)));

    private Message New(string payload, Receipt? receipt) =>
        _source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes(payload), null, receipt);
}
