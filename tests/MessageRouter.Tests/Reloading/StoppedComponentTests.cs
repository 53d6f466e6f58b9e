using Akka.Actor;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Monitoring;
using MessageRouter.Reloading;
using MessageRouter.Tests.Clustering;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

/// <summary>What reloads make of components that do not work: their supervision has stopped them, or a reload that failed could not start them again.</summary>
public sealed class StoppedComponentTests
{
    private readonly ProbeSource _source = new();
    private int _opened;
    private int _closed;

    [Fact]
    public async Task What_could_not_be_started_again_is_with_the_next_reload_although_nothing_has_changed()
    {
        await using var node = await StartAsync(InTurnFilter.Of("f", () => { if (++_opened == 2) throw new IOException("the port is taken"); }));
        Assert.Equal(["filters.f"], (await FailAsync(node)).NotTakenBack);

        var plan = await node.Node.ReloadAsync(node.Node.Definition);

        var block = Assert.Single(plan.Blocks, block => block.Action != BlockAction.Untouched);
        Assert.Equal(("filters.f", BlockAction.Replaced), (block.Name, block.Action));
        Assert.Equal("had been stopped, and is started again; what is sent to it before that is dropped", block.Effect);
        _source.SendNumbers(1, 3);
        Assert.Equal(Some.Texts(1, 3), await node.SinkAsync(3));
        Assert.Equal(("running", false), (StateOf(node), node.Node.HasFailedComponents));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_its_supervision_has_stopped_is_started_again_by_a_reload_although_nothing_has_changed(int instances)
    {
        await using var node = await StartAsync(ScriptedFilter.Throwing(n => n <= 2).On(OnError.Stop) with { Instances = instances });
        _source.SendNumbers(1, 2);
        await Eventually.IsTrueAsync(() => StateOf(node) == "stopped");

        var plan = await node.Node.ReloadAsync(node.Node.Definition);

        Assert.Equal(["filters.f"], plan.Blocks.Where(block => block.Action == BlockAction.Replaced).Select(block => block.Name));
        _source.SendNumbers(3, 3);
        Assert.Equal(Some.Texts(3, 3), (await node.SinkAsync(3)).Order());
        Assert.Equal("running", StateOf(node));
        Assert.False((await node.Node.ReloadAsync(node.Node.Definition)).ChangesAnything);
    }

    [Fact]
    public async Task An_input_that_has_come_to_its_end_is_not_read_again()
    {
        await using var node = await StartAsync(ScriptedFilter.Of(message => message));
        _source.Intake.Complete();
        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.False((await node.Node.ReloadAsync(node.Node.Definition)).ChangesAnything);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_had_been_stopped_before_a_reload_that_fails_is_as_it_was_and_is_not_started(int instances)
    {
        await using var node = await StartAsync(Counted(message => throw new InvalidOperationException("no disk")).On(OnError.Stop) with { Instances = instances });
        _source.SendNumbers(1, 2);
        await Eventually.IsTrueAsync(() => node.CellOf("filters/f") is { StoppedByFailure: true, HasEnded: true });
        var (before, dropped) = (Of(node), StoppedAt(node));
        node.Clock.Advance(TimeSpan.FromMinutes(1));

        var failure = await FailAsync(node);
        _source.SendNumbers(3, 3);

        Assert.Empty(failure.NotTakenBack);
        Assert.Contains(node.Log.Lines, line => line.Text == "The reload has failed, and everything is as it was: filters.f could not be started: no such disk");
        Assert.Equal((instances, "stopped", "InvalidOperationException: no disk", before.LastErrorAt), (_opened, StateOf(node), Of(node).LastError, Of(node).LastErrorAt));
        await Eventually.IsTrueAsync(() => StoppedAt(node) == dropped + 3);
        Assert.Equal(before.Workers?.Select(copy => copy.State), Of(node).Workers?.Select(copy => copy.State));
        if (instances == 1) return;
        var resizing = await Assert.ThrowsAsync<InvalidOperationException>(() => node.Node.ResizeAsync("f", 3).WaitAsync(TestNode.Patience));
        Assert.Equal("filters.f has ended and cannot be resized any more.", resizing.Message);
    }

    [Fact]
    public async Task An_input_of_which_a_cluster_has_one_is_given_up_on_this_node_as_before()
    {
        var input = InTurnInput.Of("f", () => { }).On(OnError.Stop).To("sink") with { Singleton = new SingletonOptions() };
        await using var node = await new FakeCluster().StartAsync("a", Some.Node(input, _source.Input().To("sink"), Some.Sink()));
        var cell = node.CellOf("inputs/f");
        cell.Actor.Tell(new IOException("it is gone"));
        await Eventually.IsTrueAsync(() => cell is { StoppedByFailure: true, HasEnded: true });
        Assert.Equal(["inputs.f"], OwnFacts.Of(node.Node)().GivenUp);

        await FailAsync(node, InTurnInput.Of("f", Fail));

        Assert.Equal(["inputs.f"], OwnFacts.Of(node.Node)().GivenUp);
    }

    [Fact]
    public async Task What_does_not_open_again_in_time_is_ended_and_does_not_work_a_second_later()
    {
        using var opens = new ManualResetEventSlim();
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input(), Counted(message => message, at => { if (at == 2) opens.Wait(); })) with { DrainTimeout = TimeSpan.FromSeconds(5) });

        var failing = FailAsync(node);
        await Eventually.IsTrueAsync(() => failing.IsCompleted, node.Clock, TimeSpan.FromSeconds(10));

        Assert.Equal(["filters.f"], (await failing).NotTakenBack);
        Assert.Equal(("stopped", "it has not opened what it needs within 10 s"), (StateOf(node), Of(node).LastError));
        opens.Set();
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _closed) == 2);
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => StoppedAt(node) == 3);
        Assert.Equal("stopped", StateOf(node));
    }

    [Fact]
    public async Task A_pool_of_which_one_copy_cannot_be_started_again_is_ended()
    {
        await using var node = await StartAsync(Counted(message => message, at => { if (at == 4) throw new IOException("the port is taken"); }) with { Instances = 2 });

        Assert.Equal(["filters.f"], (await FailAsync(node)).NotTakenBack);

        Assert.Equal(("stopped", "the port is taken"), (StateOf(node), Of(node).LastError));
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => StoppedAt(node) == 3);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _closed) == 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_of_which_the_only_input_cannot_be_started_again_ends(bool hasAnother)
    {
        var (input, other) = (InTurnInput.Of("f", FailAgain).To("sink"), _source.Input().To("sink"));
        await using var node = await TestNode.StartAsync(Some.Node([input, .. hasAnother ? [other] : Array.Empty<ComponentDefinition>(), Some.Sink()]));

        Assert.Equal(["inputs.f"], (await FailAsync(node, InTurnInput.Of("f", Fail))).NotTakenBack);

        await EndsUnlessAsync(hasAnother, node);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_of_which_the_only_output_cannot_be_started_again_ends(bool hasAnother)
    {
        var (output, other) = (InTurnOutput.Of("f", FailAgain), Some.Sink());
        await using var node = await TestNode.StartAsync(Some.Node([_source.Input().To([output.Name, .. hasAnother ? [other.Name] : Array.Empty<string>()]), output, .. hasAnother ? [other] : Array.Empty<ComponentDefinition>()]));

        Assert.Equal(["outputs.f"], (await FailAsync(node, InTurnOutput.Of("f", Fail))).NotTakenBack);

        await EndsUnlessAsync(hasAnother, node);
    }

    private async Task EndsUnlessAsync(bool hasAnother, TestNode node)
    {
        if (!hasAnother)
        {
            await node.Node.Ended.WaitAsync(TestNode.Patience);
            return;
        }
        _source.SendNumbers(1, 3);
        Assert.Equal(Some.Texts(1, 3), await node.SinkAsync(3));
        Assert.False(node.Node.Ended.IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_has_been_stopped_or_has_come_to_its_end_is_at_work_on_nothing(int instances)
    {
        await using var node = await StartAsync(ScriptedFilter.Throwing(n => n <= 2).On(OnError.Stop) with { Instances = instances });
        _source.SendNumbers(1, 2);
        await Eventually.IsTrueAsync(() => StateOf(node) == "stopped");
        _source.Intake.Complete();
        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.All(node.Node.Status().Components, component => Assert.Null(component.BusySeconds));
    }

    private static void Fail() => throw new IOException("no such disk");

    private void FailAgain()
    {
        if (++_opened > 1) throw new IOException("the port is taken");
    }

    private Task<TestNode> StartAsync(ComponentDefinition filter) => TestNode.StartAsync(Some.Chain(_source.Input(), filter));

    private ComponentDefinition Counted(Func<Message, Message?> filters, Action<int>? opens = null)
    {
        return InTurnFilter.Of("f", Open, () => Interlocked.Increment(ref _closed), filters);

        void Open()
        {
            var at = Interlocked.Increment(ref _opened);
            opens?.Invoke(at);
        }
    }

    private static Task<ReloadException> FailAsync(TestNode node) => FailAsync(node, InTurnFilter.Of("f", Fail));

    /// <summary>Reloads a component to one that cannot be opened.</summary>
    private static async Task<ReloadException> FailAsync(TestNode node, ComponentDefinition failing)
    {
        var now = node.Node.Definition;
        return await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(now with { Components = [.. now.Components.Select(known => known.Name == "f" ? known with { Options = failing.Options, Type = failing.Type } : known)] }).WaitAsync(TestNode.Patience));
    }

    /// <summary>Messages that were dropped since it does not work.</summary>
    private static long StoppedAt(TestNode node) => node["filters.f"].Dropped.GetValueOrDefault("stopped");

    private static string StateOf(TestNode node) => Of(node).State;

    private static ComponentStatus Of(TestNode node) => node.Node.Status().Components.Single(component => component.Name == "filters.f");
}
