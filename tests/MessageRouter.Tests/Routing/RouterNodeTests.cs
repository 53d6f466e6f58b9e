using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Routing;

public partial class RouterNodeTests
{
    private readonly ProbeSource _source = new();

    [Fact]
    public async Task Fan_out_gives_every_target_the_same_message()
    {
        await using var node = await TestNode.StartAsync(Some.Node(_source.Input().To("a", "b"), Some.Sink("a"), Some.Sink("b")));

        _source.SendNumbers(1, 100);
        await node.StopAsync();

        Assert.Equal(Some.Texts(1, 100), node.Texts("outputs.a"));
        Assert.All(node.Recorded["outputs.a"].Zip(node.Recorded["outputs.b"]), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(100, node["inputs.in"].Out);
    }

    [Fact]
    public async Task Fan_in_keeps_the_order_of_each_sender()
    {
        var other = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Node(
            _source.Input().To("sink"), other.Input() with { Name = "other", To = ["sink"] }, Some.Sink()));

        await Task.WhenAll(
            Task.Run(() => { for (var n = 0; n < 1000; n++) _source.SendNumbers(n, 1); }),
            Task.Run(() => { for (var n = 1000; n < 2000; n++) other.SendNumbers(n, 1); }));
        await node.StopAsync();

        var numbers = node.Recorded["outputs.sink"].Select(message => (int)message["n"]!).ToList();
        Assert.Equal(Enumerable.Range(0, 1000), numbers.Where(n => n < 1000));
        Assert.Equal(Enumerable.Range(1000, 1000), numbers.Where(n => n >= 1000));
    }

    [Fact]
    public async Task A_stuck_target_that_drops_does_not_hold_up_its_sibling()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(Some.Node(
            _source.Input().To("slow", "fast"), gate.Output("slow").Bounded(10, Overflow.DropNewest), Some.Sink("fast")));

        for (var n = 1; n <= 1000; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node["outputs.fast"].Out == 1000);

        Assert.Equal(1000, node["outputs.slow"].Dropped["mailbox-full"] + node["outputs.slow"].Queued);
        gate.Open();
    }

    [Fact]
    public async Task Where_everything_waits_tiny_mailboxes_and_a_filter_that_throws_lose_nothing_else()
    {
        var sources = Enumerable.Range(0, 3).Select(_ => new ProbeSource()).ToArray();
        await using var node = await TestNode.StartAsync(Some.Node([
            .. sources.Select((source, i) => source.Input().Bounded(3, Overflow.Wait) with { Name = $"in{i}", To = ["f"] }),
            ScriptedFilter.Throwing(n => n % 97 == 0).Bounded(1, Overflow.Wait).To("g"),
            ScriptedFilter.Of(message => message, "g").Bounded(2, Overflow.Wait).To("sink"),
            Some.Sink().Bounded(1, Overflow.Wait)]));

        var sending = Task.WhenAll(sources.Select((source, i) => Task.Run(async () =>
        {
            for (var n = 0; n < 2000; n += 4)
            {
                await source.Intake.AddAsync(MessageBatch.Of(
                    Enumerable.Range((i * 10_000) + n, 4).Select(m => source.Intake.NewMessage(System.Text.Encoding.UTF8.GetBytes(Some.Text(m))))));
            }
        })));
        await Eventually.IsTrueAsync(() => sending.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(50));
        await sending;
        await node.StopWhileTimePassesAsync();

        var numbers = node.Recorded["outputs.sink"].Select(message => (int)message["n"]!).ToList();
        for (var i = 0; i < sources.Length; i++)
            Assert.Equal(Enumerable.Range(i * 10_000, 2000).Where(n => n % 97 != 0), numbers.Where(n => n / 10_000 == i));
        Assert.All(node.Node.Ledger().Components, line => Assert.Empty(line.Dropped));
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task Waiting_holds_the_input_back_until_there_is_room()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input().Bounded(2), gate.Output().Bounded(2));

        var sent = 0;
        while (_source.Send(Some.Text(++sent))) Assert.True(sent < 20);
        var added = _source.Intake.AddAsync(MessageBatch.Of(_source.Intake.NewMessage("{}"u8.ToArray())));
        Assert.False(added.IsCompleted);
        gate.Open();
        await added.WaitAsync(TestNode.Patience);
        await node.StopAsync();

        Assert.Equal(sent + 1, node["outputs.sink"].Out);
    }

    [Fact]
    public async Task An_input_that_cannot_pause_drops_where_its_mailbox_is_to_wait()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(canPause: false).Bounded(5, Overflow.Wait), gate.Output().Bounded(5, Overflow.Wait));

        for (var n = 1; n <= 100; n++) Assert.True(_source.SendNumbers(n, 1));
        gate.Open();
        await node.StopAsync();

        Assert.InRange(node["inputs.in"].Dropped["mailbox-full"], 1, 95);
        Assert.Empty(node["outputs.sink"].Dropped);
    }

    [Fact]
    public async Task Without_a_policy_what_comes_from_an_input_that_cannot_pause_is_dropped()
    {
        var gate = new Gate();
        var pausable = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Node(
            _source.Input(canPause: false).To("sink"),
            pausable.Input() with { Name = "pausable", To = ["sink"] },
            gate.Output().Bounded(3)));

        for (var n = 1; n <= 10; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node["inputs.in"].Out == 10);
        pausable.SendNumbers(11, 10);
        await Eventually.IsTrueAsync(() => node["inputs.pausable"].Out == 10);
        gate.Open();
        var ledger = await node.StopAsync();

        Assert.True(ledger.Edges.Single(edge => edge is { From: "inputs.in", To: "outputs.sink" }).Dropped["mailbox-full"] > 0);
        Assert.Empty(ledger.Edges.Single(edge => edge is { From: "inputs.pausable", To: "outputs.sink" }).Dropped);
    }

    [Fact]
    public async Task Everything_under_way_arrives_before_the_node_has_stopped()
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), ScriptedFilter.Of(message => message, "a"), ScriptedFilter.Of(message => message, "b"), ScriptedFilter.Of(message => message, "c"));

        for (var n = 1; n <= 5000; n++) _source.SendNumbers(n, 1);
        Assert.True(await node.Node.StopAsync().WaitAsync(TestNode.Patience));

        Assert.Equal(Some.Texts(1, 5000), node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task A_drain_that_runs_out_of_time_says_so_and_counts_what_is_left()
    {
        await using var node = await TestNode.StartAsync(
            Some.Chain(_source.Input().Bounded(5), ScriptedFilter.Of(message => message).Bounded(5, Overflow.Wait), new Gate().Output().Bounded(2, Overflow.Wait))
                with { DrainTimeout = TimeSpan.FromSeconds(3) });
        _source.SendNumbers(1, 40);

        var stopping = node.Node.StopAsync();
        node.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(stopping.IsCompleted);
        node.Clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.False(await stopping.WaitAsync(TestNode.Patience));
        Assert.Same(stopping, node.Node.StopAsync());
        var ledger = node.Node.Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(40, ledger.Components.Sum(line => line.Dropped.GetValueOrDefault("shutdown")));
        Assert.All(ledger.Components, line => Assert.Equal(0, line.Queued));
        Assert.Contains(node.Log.Lines, line => line.Text.StartsWith("The drain was cut short", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_drain_that_waits_with_no_messages_left_names_who_has_not_ended()
    {
        using var released = new ManualResetEventSlim();
        var filter = Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options { Process = (message, emit) => emit(message), Flush = _ => released.Wait(TestNode.Patience) });
        await using var node = await TestNode.StartChainAsync(_source.Input(), filter);

        var stopping = node.Node.StopAsync();
        await Eventually.IsTrueAsync(() => Draining().Any(text => DrainPattern().IsMatch(text)), node.Clock, TimeSpan.FromSeconds(1), () => string.Join('\n', Draining()));
        released.Set();
        await stopping.WaitAsync(TestNode.Patience);

        Assert.DoesNotContain(node.Log.Lines, line => line.Text.Contains(": .", StringComparison.Ordinal));

        List<string> Draining() => [.. node.Log.Lines.Select(line => line.Text).Where(text => text.Contains("; no messages are left", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_cancelled_drain_ends_at_once()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), new Gate().Output());
        _source.SendNumbers(1, 4);
        using var cancellation = new CancellationTokenSource();

        var stopping = node.Node.StopAsync(cancellation.Token);
        await cancellation.CancelAsync();

        Assert.False(await stopping.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task Its_inputs_have_ended_when_all_of_them_are_complete_and_have_passed_everything_on()
    {
        var other = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Node(
            _source.Input().To("sink"), other.Input() with { Name = "other", To = ["sink"] }, Some.Sink()));

        _source.SendNumbers(1, 10);
        _source.Intake.Complete();
        await Eventually.IsTrueAsync(() => node["inputs.in"].Queued == 0);
        Assert.False(node.Node.Ended.IsCompleted);
        other.Intake.Complete();

        await node.Node.Ended.WaitAsync(TestNode.Patience);
        Assert.Equal(10, node["inputs.in"].Out);
    }

    [Fact]
    public async Task A_stop_before_the_start_does_not_keep_a_later_one_from_working()
    {
        Task<bool>? early = null;
        var node = await TestNode.StartAsync(Some.Chain(_source.Input()), created: made => early = made.StopAsync());
        await using var _ = node;
        _source.SendNumbers(1, 3);

        Assert.True(await early!);
        Assert.Equal(3, (await node.StopAsync()).Components.Single(line => line.Name == "outputs.sink").Out);
    }

    [Fact]
    public async Task A_stop_during_a_start_that_fails_does_not_wait_for_the_drain_timeout()
    {
        var opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopped = new ManualResetEventSlim();
        RouterNode? node = null;
        var failing = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Open = _ =>
            {
                opening.TrySetResult();
                stopped.Wait(TestNode.Patience);
                throw new IOException("no");
            },
        });
        var starting = TestNode.StartAsync(Some.Chain(_source.Input(), failing), created: made => node = made);
        await opening.Task.WaitAsync(TestNode.Patience);

        var stopping = node!.StopAsync();
        stopped.Set();

        await Assert.ThrowsAsync<ComponentStartException>(() => starting);
        Assert.True(await stopping.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task A_start_that_is_given_up_drains_what_quick_inputs_have_brought()
    {
        using var givingUp = new CancellationTokenSource();
        using var slowOpens = new ManualResetEventSlim();
        var gate = new Gate();
        RouterNode? node = null;
        var slow = Some.Component<FailingInput>("slow", new FailingInput.Options { Open = () => slowOpens.Wait(TestNode.Patience) });
        var starting = TestNode.StartAsync(Some.Node(_source.Input().To("sink"), slow.To("sink"), gate.Output()), created: made => node = made, cancellation: givingUp.Token);
        await Eventually.IsTrueAsync(() => _source.Openings == 1);
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => !gate.Taken.IsEmpty);

        await givingUp.CancelAsync();
        await Eventually.IsTrueAsync(() => node!.Status().State == "draining");
        slowOpens.Set();
        gate.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal((3, 0), ((int)node!.Ledger().Components.Single(line => line.Name == "outputs.sink").Out, node.Ledger().Components.Sum(line => line.Dropped.Count)));
        Assert.False(node.IsCutShort);
    }

    [Fact]
    public async Task A_node_that_could_not_start_stops_at_once()
    {
        RouterNode? node = null;
        var failing = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options { Open = _ => throw new IOException("no") });

        await Assert.ThrowsAsync<ComponentStartException>(() => TestNode.StartAsync(Some.Chain(_source.Input(), failing), created: made => node = made));

        Assert.True(await node!.StopAsync().WaitAsync(TestNode.Patience));
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^Draining for \d+ s; no messages are left, and these have not ended yet: filters\.f\.$")]
    private static partial System.Text.RegularExpressions.Regex DrainPattern();
}
