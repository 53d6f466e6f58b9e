using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Pools;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

public sealed class ReloadTests
{
    private static readonly Func<Message, Message?> Pass = message => message;

    [Fact]
    public async Task What_has_not_changed_is_not_touched()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass, "a"), ScriptedFilter.Of(Pass, "b")));
        source.SendNumbers(1, 10);
        await node.SinkAsync(10);
        var before = node.Node.Components.ToDictionary(cell => cell.Name, cell => (cell, cell.Actor));

        var plan = await node.Node.ReloadAsync(With(node, "b", ScriptedFilter.Of(message => message, "b")));

        Assert.Equal(["filters.b"], plan.Blocks.Where(block => block.Action != BlockAction.Untouched).Select(block => block.Name));
        foreach (var cell in node.Node.Components.Where(cell => cell.Name != "filters.b")) Assert.Equal(before[cell.Name], (cell, cell.Actor));
        source.SendNumbers(11, 10);
        Assert.Equal(Numbers(20), await node.SinkAsync(20));
        Assert.Equal((20, 20), (node["filters.b"].In, node["filters.b"].Out));
    }

    [Fact]
    public async Task A_configuration_without_a_change_does_nothing()
    {
        await using var node = await TestNode.StartAsync(Some.Chain(new ProbeSource().Input(), ScriptedFilter.Of(Pass)));

        var plan = await node.Node.ReloadAsync(node.Node.Definition with { Components = [.. node.Node.Definition.Components] });

        Assert.False(plan.ChangesAnything);
        Assert.Equal(1, node.Node.Status().Configuration.Revision);
    }

    [Fact]
    public async Task What_waits_goes_to_the_new_component_in_order_when_the_old_one_has_finished_what_it_has_in_hand()
    {
        var source = new ProbeSource();
        using var atWork = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(
            message =>
            {
                atWork.Set();
                goOn.Wait();
                return message;
            })));
        source.SendNumbers(1, 1);
        atWork.Wait();
        source.SendNumbers(2, 99);
        await Eventually.IsTrueAsync(() => node["filters.f"].Queued == 100);

        var reload = node.Node.ReloadAsync(With(node, "f", ScriptedFilter.Of(Pass)));
        await Eventually.IsTrueAsync(() => node.CellOf("filters/f").Generation > 0);
        source.SendNumbers(101, 10);
        Assert.Equal(1, node.CellOf("filters/f").Counts.Held.Value);
        goOn.Set();

        await reload;
        Assert.Equal(Numbers(110), await node.SinkAsync(110));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_fails_to_start_leaves_everything_as_it_was(bool outputFails)
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass)));
        source.SendNumbers(1, 5);
        await node.SinkAsync(5);
        var before = node.Node.Components.Select(cell => (cell, cell.Actor)).ToList();
        var definition = node.Node.Definition;
        var failing = outputFails
            ? Some.Component<ScriptedOutput>("more", new ScriptedOutput.Options { Write = _ => { }, Open = () => throw new IOException("no such disk") })
            : ScriptedFilter.Of(Pass, "more") with { Options = new ScriptedFilter.Options { Open = _ => throw new IOException("no such disk") }, To = ["sink"] };
        var next = With(node, "f", ScriptedFilter.Of(message => message) with { To = ["sink", "more"] });

        var failure = await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(next with { Components = [.. next.Components, failing] }));

        Assert.Equal($"{failing.FullName} could not be started: no such disk", failure.Message);
        Assert.Equal(before, node.Node.Components.Select(cell => (cell, cell.Actor)));
        Assert.Same(definition, node.Node.Definition);
        source.SendNumbers(6, 5);
        Assert.Equal(Numbers(10), await node.SinkAsync(10));
    }

    [Fact]
    public async Task What_had_to_end_first_and_cannot_be_opened_again_is_named_where_the_reload_fails()
    {
        var source = new ProbeSource();
        var opened = 0;
        var before = InTurnFilter.Of("f", () =>
        {
            if (++opened > 1) throw new IOException("the port is taken");
        });
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), before, ScriptedFilter.Of(Pass, "g")));

        var failure = await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(With(node, "f", InTurnFilter.Of("f", () => throw new IOException("no such disk")))));

        Assert.Equal(["filters.f"], failure.NotTakenBack);
        Assert.Equal("filters.f could not be started: no such disk. What it was to replace could not be started again as it had been, and does not work: filters.f.", failure.Message);
        Assert.Equal(
            """
            error: filters.f could not be started: no such disk
            error: filters.f could not be started again as it had been: the port is taken

            2 errors; filters.f does not work any more, and all else is as it was.

            """,
            failure.Report.Replace("\n\nerror", "\nerror", StringComparison.Ordinal));
        Assert.Contains(node.Log.Lines, line => line.Text == $"The reload has failed, and not everything is as it was: {failure.Message}");
        source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped.GetValueOrDefault("stopped") == 3);
        Assert.Equal("stopped", node.Node.Status().Components.Single(component => component.Name == "filters.f").State);
    }

    [Fact]
    public async Task What_had_to_end_first_and_is_opened_again_is_as_it_was()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), InTurnFilter.Of("f", () => { })));

        var failure = await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(With(node, "f", InTurnFilter.Of("f", () => throw new IOException("no such disk")))));
        source.SendNumbers(1, 3);

        Assert.Empty(failure.NotTakenBack);
        Assert.Equal(Numbers(3), await node.SinkAsync(3));
    }

    [Fact]
    public async Task What_is_removed_finishes_what_it_has_and_keeps_its_line()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass, "a"), ScriptedFilter.Of(Pass, "b")));
        source.SendNumbers(1, 10);
        await node.SinkAsync(10);

        await node.Node.ReloadAsync(Without(node, "b"));
        source.SendNumbers(11, 10);
        await node.SinkAsync(20);

        Assert.Equal((10, 2), (node["filters.b"].Out, node["filters.b"].Retired));
        var ledger = node.Node.Ledger();
        Assert.Equal(2, ledger.Revision);
        Assert.Equal(10, ledger.Edges.Single(edge => edge is { From: "filters.a", To: "outputs.sink" }).NotConnected);
        Assert.Equal(10, ledger.Edges.Single(edge => edge is { From: "filters.a", To: "filters.b" }).NotConnected);
        Assert.True(ledger.Balanced, ledger.ToJson());
    }

    [Fact]
    public async Task What_comes_back_goes_on_with_its_counts()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass, "a"), ScriptedFilter.Of(Pass, "b")));
        var whole = node.Node.Definition;
        source.SendNumbers(1, 10);
        await node.SinkAsync(10);
        await node.Node.ReloadAsync(Without(node, "b"));
        source.SendNumbers(11, 10);
        await node.SinkAsync(20);

        await node.Node.ReloadAsync(whole);
        source.SendNumbers(21, 10);
        await node.SinkAsync(30);

        Assert.Equal((20, 20, (int?)null), (node["filters.b"].In, node["filters.b"].Out, node["filters.b"].Retired));
        Assert.Equal(30, node["outputs.sink"].In);
    }

    [Fact]
    public async Task Bounds_targets_and_supervision_change_while_the_component_works()
    {
        var source = new ProbeSource();
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass), gate.Output().Bounded(2)));
        var actors = node.Node.Components.Select(cell => cell.Actor).ToList();
        source.SendNumbers(1, 10);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].In == 10);
        var next = With(node, "f", node.Node.Definition.Components[1] with { To = ["sink", "other"], Supervision = new SupervisionOptions { OnError = OnError.Stop } });
        next = next with { Components = [next.Components[0], next.Components[1], next.Components[2].Bounded(50), Some.Sink("other")] };

        var plan = await node.Node.ReloadAsync(next);

        Assert.Equal(["filters.f to, supervision.on-error", "outputs.sink mailbox.capacity"], plan.Blocks.Where(block => block.Action == BlockAction.ChangedInPlace).Select(block => $"{block.Name} {string.Join(", ", block.Keys)}"));
        Assert.Equal(actors, node.Node.Components.Where(cell => cell.Name != "outputs.other").Select(cell => cell.Actor));
        source.SendNumbers(11, 20);
        await Eventually.IsTrueAsync(() => node["outputs.other"].Out == 20);
        gate.Open();
        await Eventually.IsTrueAsync(() => gate.Taken.Count == 30);
    }

    [Fact]
    public async Task An_input_is_replaced_without_losing_what_it_has_read()
    {
        var (source, other) = (new ProbeSource(), new ProbeSource());
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass)));
        source.SendNumbers(1, 100);

        await node.Node.ReloadAsync(With(node, "in", other.Input()));
        other.SendNumbers(101, 100);

        Assert.Equal(Numbers(200), await node.SinkAsync(200));
        Assert.False(node.Node.Ended.IsCompleted);
        Assert.Equal((200, 200), (node["inputs.in"].In, node["inputs.in"].Out));
    }

    [Fact]
    public async Task A_pool_is_replaced_by_another_pool()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass) with { Instances = 3, Route = PoolRoute.Hash("n") }));
        source.SendNumbers(1, 300);

        for (var i = 0; i < 5; i++) await node.Node.ReloadAsync(With(node, "f", ScriptedFilter.Of(message => message) with { Instances = 2 + i, Route = PoolRoute.Hash("n") }));
        source.SendNumbers(301, 300);

        Assert.Equal(Numbers(600).Order(), (await node.SinkAsync(600)).Order());
        Assert.Equal(600, node["filters.f"].Out);
        Assert.Equal(5, node.Node.Ledger().Edges.Count);
        Assert.True(node.CellOf("outputs/sink").Sources.Count <= 6);
    }

    [Fact]
    public async Task What_never_comes_back_is_left_behind_and_counted()
    {
        var source = new ProbeSource();
        using var stuck = new ManualResetEventSlim();
        using var atWork = new ManualResetEventSlim();
        var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(
            message =>
            {
                atWork.Set();
                stuck.Wait();
                return message;
            })) with { DrainTimeout = TimeSpan.FromSeconds(2) });
        await using var _ = node;
        source.SendNumbers(1, 1);
        atWork.Wait();
        source.SendNumbers(2, 9);
        await Eventually.IsTrueAsync(() => node["filters.f"].Queued == 10);

        var reload = node.Node.ReloadAsync(With(node, "f", ScriptedFilter.Of(Pass)));
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(100));

        await reload;
        Assert.Equal(Numbers(10).Skip(1), await node.SinkAsync(9));
        Assert.Equal(1, node["filters.f"].Dropped[DropReasons.Reload]);
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
        stuck.Set();
    }

    [Fact]
    public async Task What_hangs_while_it_opens_costs_the_one_at_work_nothing()
    {
        var source = new ProbeSource();
        using var opens = new ManualResetEventSlim();
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass), gate.Output()));
        source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => gate.Taken.Count == 5);

        var hangs = Some.Component<ScriptedOutput>("sink", new ScriptedOutput.Options { Write = _ => { }, Open = opens.Wait });
        var reload = node.Node.ReloadAsync(With(node, "sink", hangs));
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Clock, TimeSpan.FromSeconds(10));

        Assert.Contains("it has not opened what it needs within", (await Assert.ThrowsAsync<ReloadException>(() => reload)).Message, StringComparison.Ordinal);
        Assert.Equal((5, 5), (node["outputs.sink"].In, node["outputs.sink"].Queued));
        Assert.Empty(node["outputs.sink"].Dropped);
        gate.Open();
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 5);
        opens.Set();
    }

    [Fact]
    public async Task What_a_removed_component_could_not_finish_is_told()
    {
        var source = new ProbeSource();
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass), gate.Output("stuck")) with { DrainTimeout = TimeSpan.FromSeconds(2) });
        source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => node["outputs.stuck"].Queued == 5);
        var now = node.Node.Definition;

        var reload = node.Node.ReloadAsync(now with { Components = [now.Components[0], now.Components[1] with { To = ["sink"] }, Some.Sink()] });
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(100));

        Assert.Equal(5, (await reload).Dropped);
        Assert.Equal(5, node["outputs.stuck"].Dropped[DropReasons.Reload]);
        source.SendNumbers(6, 1);
        await node.SinkAsync(1);
    }

    [Fact]
    public async Task What_is_being_added_and_has_not_opened_is_in_nobodys_way_who_asks_what_became_of_messages()
    {
        var source = new ProbeSource();
        using var opens = new ManualResetEventSlim();
        var isOpening = false;
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass, "f")));
        source.SendNumbers(1, 5);
        await node.SinkAsync(5);
        var slow = ScriptedFilter.Of(Pass, "g") with { To = ["sink"], Options = new ScriptedFilter.Options { Open = _ => { Volatile.Write(ref isOpening, true); opens.Wait(); } } };
        var now = node.Node.Definition;

        var reload = node.Node.ReloadAsync(now with { Components = [.. now.Components.Select(known => known.Name == "f" ? known with { To = ["g"] } : known), slow] });
        await Eventually.IsTrueAsync(() => Volatile.Read(ref isOpening));

        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
        Assert.DoesNotContain(node.Node.Ledger().Edges, edge => edge.From == "filters.g");
        opens.Set();
        await reload;
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
        Assert.Contains(node.Node.Ledger().Edges, edge => edge.From == "filters.g");
    }

    [Fact]
    public async Task One_reload_at_a_time()
    {
        var source = new ProbeSource();
        using var opens = new ManualResetEventSlim();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass)));
        var slow = ScriptedFilter.Of(Pass) with { Options = new ScriptedFilter.Options { Open = _ => opens.Wait() } };

        var first = node.Node.ReloadAsync(With(node, "f", slow));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => node.Node.ReloadAsync(With(node, "f", ScriptedFilter.Of(Pass))));

        Assert.Equal("Another reload is under way; try again when it is done.", refused.Message);
        opens.Set();
        await first;
    }

    [Fact]
    public async Task A_node_that_stops_undoes_a_reload_that_is_not_in_force()
    {
        var source = new ProbeSource();
        using var opens = new ManualResetEventSlim();
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), ScriptedFilter.Of(Pass)));
        source.SendNumbers(1, 5);
        var slow = ScriptedFilter.Of(Pass) with { Options = new ScriptedFilter.Options { Open = _ => opens.Wait() } };
        var reload = node.Node.ReloadAsync(With(node, "f", slow));

        var stopping = node.StopAsync();
        Assert.Equal("draining", node.Node.State);
        opens.Set();

        var ledger = await stopping;
        Assert.Equal("The node stops; nothing was changed.", (await Assert.ThrowsAsync<ReloadException>(() => reload)).Message);
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(Numbers(5), node.Texts("outputs.sink"));
    }

    private static NodeDefinition With(TestNode node, string name, ComponentDefinition component)
    {
        var now = node.Node.Definition;
        return now with { Components = [.. now.Components.Select(known => known.Name == name ? component with { To = component.To.Count > 0 ? component.To : known.To } : known)] };
    }

    /// <summary>The chain without one of its filters.</summary>
    private static NodeDefinition Without(TestNode node, string name)
    {
        var now = node.Node.Definition;
        var removed = now.Components.Single(component => component.Name == name);
        return now with { Components = [.. now.Components.Where(known => known != removed).Select(known => known.To.Contains(name) ? known with { To = removed.To } : known)] };
    }

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(1, count).Select(n => $$"""{"n":{{n}}}""");
}
