using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

public class EmittingFilterActorTests
{
    private readonly ProbeSource _source = new();
    private IActorRef _self = ActorRefs.Nobody;

    [Fact]
    public async Task Sends_on_what_was_emitted_in_order_and_counts_it()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedEmitter.Of(ScriptedEmitter.Count));

        _source.SendNumbers(0, 4);

        Assert.Equal(["1.1", "2.1", "2.2", "3.1", "3.2", "3.3"], await node.SinkAsync(6));
        var line = node["filters.f"];
        Assert.Equal((4, 3, 6, 1), (line.In, line.Created, line.Out, line.Filtered));
    }

    [Fact]
    public async Task What_is_emitted_for_one_batch_travels_together()
    {
        var batches = new List<int>();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(),
            ScriptedEmitter.Of(ScriptedEmitter.Count),
            Some.Component<BatchCounter>("sink", new BatchCounter.Options(batches)));

        _source.SendNumbers(0, 10);
        await node.StopAsync();

        Assert.Equal([45], batches);
    }

    [Fact]
    public async Task Nothing_is_sent_of_what_was_emitted_for_a_message_before_it_threw()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedEmitter.Of((message, emit) =>
        {
            ScriptedEmitter.Count(message, emit);
            if ((int)message["n"]! == 2) throw new InvalidOperationException("no");
        }));

        _source.SendNumbers(1, 3);

        Assert.Equal(["1.1", "3.1", "3.2", "3.3"], await node.SinkAsync(4));
        await node.StopAsync();
        Assert.Equal(Some.Text(2), Assert.Single(node.Recorded["errors"])["payload"]);
        var line = node["filters.f"];
        Assert.Equal((3, 2, 4, 1, 1), (line.In, line.Created, line.Out, line.Failed, line.Restarts));
    }

    [Fact]
    public async Task A_message_at_fault_costs_no_restart()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedEmitter.Of((message, emit) =>
            emit((int)message["n"]! == 2 ? throw new MessageException("two") : message)));

        _source.SendNumbers(1, 3);

        Assert.Equal([Some.Text(1), Some.Text(3)], await node.SinkAsync(2));
        Assert.Equal((1, 0), (node["filters.f"].Failed, node["filters.f"].Restarts));
    }

    [Fact]
    public async Task What_a_handler_of_its_own_emits_is_created()
    {
        await using var node = await StartAsync();

        _self.Tell((Action<Action<Message>>)(emit =>
        {
            emit(Some.Json(1));
            emit(Some.Json(2));
        }));

        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
        Assert.Equal((0, 2, 2), (node["filters.f"].In, node["filters.f"].Created, node["filters.f"].Out));
    }

    [Fact]
    public async Task A_handler_can_emit_after_it_has_waited()
    {
        await using var node = await StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _self.Tell((Func<Action<Message>, Task>)(async emit =>
        {
            emit(Some.Json(1));
            await gate.Task;
            emit(Some.Json(2));
        }));
        await node.SinkAsync(1);
        gate.SetResult();

        Assert.Equal(Some.Texts(1, 2), await node.SinkAsync(2));
    }

    [Fact]
    public async Task Nothing_is_sent_of_what_a_handler_emitted_before_it_threw()
    {
        await using var node = await StartAsync();

        _self.Tell((Action<Action<Message>>)(emit =>
        {
            emit(Some.Json(1));
            throw new InvalidOperationException("no");
        }));
        await Eventually.IsTrueAsync(() => node["filters.f"].Restarts == 1);
        _self.Tell((Action<Action<Message>>)(emit => emit(Some.Json(2))));

        Assert.Equal([Some.Text(2)], await node.SinkAsync(1));
        Assert.Equal(1, node["filters.f"].Created);
    }

    [Fact]
    public async Task What_handlers_emit_is_bounded_by_the_capacity_of_a_target_that_waits_and_the_rest_is_counted()
    {
        var gate = new Gate();
        await using var node = await StartAsync(gate.Output().Bounded(4, Overflow.Wait));

        Emit(1, 3);
        await node.HoldsAsync("outputs/sink", 3);
        for (var n = 4; n <= 300; n += 3) Emit(n, 3);
        await node.HandledAsync("filters/f");

        // 3 in the output's hands, 4 in its mailbox, and before it 2 of those that did not fit and 3 of the next ones.
        Assert.Equal((12, 288), (node["outputs.sink"].Queued, node["outputs.sink"].Dropped["mailbox-full"]));
        gate.Open();
        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal((300, 300), (node["filters.f"].Created, node["filters.f"].Out));
        Assert.Equal(Some.Texts(1, 12), gate.Taken);
    }

    [Fact]
    public async Task What_a_handler_emits_at_once_waits_as_a_whole_where_there_is_room_for_its_first()
    {
        var gate = new Gate();
        await using var node = await StartAsync(gate.Output().Bounded(4, Overflow.Wait));

        Emit(1, 50);
        await node.HandledAsync("filters/f");
        gate.Open();
        await node.StopAsync();

        Assert.Equal(Some.Texts(1, 50), gate.Taken);
    }

    [Fact]
    public async Task What_it_emits_at_the_end_waits_whatever_there_is_already()
    {
        var gate = new Gate();
        var filter = Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options
        {
            Process = (message, emit) => emit(message),
            Flush = emit =>
            {
                foreach (var n in Enumerable.Range(101, 50)) emit(Some.Json(n));
            },
        });
        await using var node = await TestNode.StartChainAsync(_source.Input(), filter, gate.Output().Bounded(4, Overflow.Wait));
        _source.SendNumbers(1, 20);
        await Eventually.IsTrueAsync(() => node["filters.f"].Out == 20);

        var stopping = node.StopAsync();
        gate.Open();
        await stopping;

        Assert.Equal([.. Some.Texts(1, 20), .. Some.Texts(101, 50)], gate.Taken);
    }

    [Fact]
    public async Task Can_emit_what_it_collected_when_its_time_has_come_and_at_the_end()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<Window>("f"));

        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node["filters.f"].Filtered == 3);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["3"], await node.SinkAsync(1));
        _source.SendNumbers(4, 2);
        await Eventually.IsTrueAsync(() => node["filters.f"].Filtered == 5);
        var ledger = await node.StopAsync();

        Assert.Equal(["3", "2"], node.Texts("outputs.sink"));
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.All(ledger.Components, line => Assert.Empty(line.Dropped));
    }

    [Fact]
    public async Task Its_timers_end_with_its_last_message()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<Window>("f"), gate.Output().Bounded(1));
        _source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => node["filters.f"].Filtered == 1);
        _source.Intake.Complete();
        await Eventually.IsTrueAsync(() => node.Node.Ended.IsCompleted);

        var stopping = node.Node.StopAsync();
        await node.HoldsAsync("outputs/sink", 1);
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        await node.HandledAsync("filters/f");
        gate.Open();
        await stopping;

        Assert.Equal(["1"], gate.Taken);
    }

    [Theory]
    [InlineData(OnError.Resume)]
    [InlineData(OnError.Restart)]
    [InlineData(OnError.Stop)]
    public async Task An_end_that_fails_does_not_keep_the_node_from_stopping(OnError onError)
    {
        var filter = Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options
        {
            Process = (message, emit) => emit(message),
            Flush = _ => throw new IOException("cannot flush"),
        });
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), filter with { Supervision = new SupervisionOptions { OnError = onError, MaxRestarts = 2 } });
        _source.SendNumbers(1, 2);

        Assert.True(await node.StopWhileTimePassesAsync());

        Assert.Equal(Some.Texts(1, 2), node.Texts("outputs.sink"));
        Assert.Contains(node.Log.Lines, line => line.Category == "filters.f" && line.Text.Contains("cannot flush"));
    }

    [Fact]
    public async Task A_message_is_done_when_all_that_was_emitted_for_it_is()
    {
        var gate = new Gate();
        var receipt = new ProbeReceipt();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), ScriptedEmitter.Of(ScriptedEmitter.Count), gate.Output());
        Send(3, receipt);
        await node.HoldsAsync("outputs/sink", 3);
        Assert.False(receipt.Settled.IsCompleted);

        gate.Open();

        Assert.Equal((Fate.Done, null), await receipt.Settled.WaitAsync(TestNode.Patience));
        await node.StopAsync();
        Assert.Equal(1, receipt.Times);
    }

    [Fact]
    public async Task A_message_that_is_kept_for_later_is_done_at_once_and_goes_without_its_receipt()
    {
        var receipt = new ProbeReceipt();
        Message? kept = null;
        var deliveries = new List<MessageDelivery?>();
        var filter = Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options
        {
            Process = (message, _) => kept = message,
            Flush = emit => emit(kept!),
        });
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), filter, ScriptedOutput.Of(message => deliveries.Add(message.Delivery)));
        Send(1, receipt);

        Assert.Equal((Fate.Done, null), await receipt.Settled.WaitAsync(TestNode.Patience));
        await node.StopAsync();

        Assert.Equal([null], deliveries);
        Assert.Equal(1, receipt.Times);
    }

    private Task<TestNode> StartAsync(params ComponentDefinition[] targets) => TestNode.StartChainAsync([_source.Input(), Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options
    {
        Process = (message, emit) => emit(message),
        Open = self => _self = self,
    }), .. targets]);

    private void Emit(int from, int count) => _self.Tell((Action<Action<Message>>)(emit =>
    {
        foreach (var n in Enumerable.Range(from, count)) emit(Some.Json(n));
    }));

    private void Send(int n, Receipt receipt) =>
        _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes(Some.Text(n)), null, receipt)));

    /// <summary>Counts messages, and says how many there were each second.</summary>
    private sealed class Window : EmittingFilterActor
    {
        private int _count;

        public Window() => Receive<string>(_ => Flush());

        protected override void Open() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromSeconds(1));

        protected override void Process(Message message) => _count++;

        protected override void Flush()
        {
            Emit(Message.FromJson($"{_count}"));
            _count = 0;
        }
    }

    private sealed class BatchCounter(BatchCounter.Options options) : OutputActor
    {
        protected override void WriteBatch(MessageBatch batch)
        {
            options.Sizes.Add(batch.Count);
            Delivered(batch.Count);
        }

        internal sealed record Options(List<int> Sizes);
    }
}
