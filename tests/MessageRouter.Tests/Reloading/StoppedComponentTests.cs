using MessageRouter.Components;
using MessageRouter.Monitoring;
using MessageRouter.Reloading;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

/// <summary>What reloads make of components that do not work: their supervision has stopped them, or a reload that failed could not start them again.</summary>
public sealed class StoppedComponentTests
{
    private readonly ProbeSource _source = new();
    private int _opened;

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

    private Task<TestNode> StartAsync(ComponentDefinition filter) => TestNode.StartAsync(Some.Chain(_source.Input(), filter));

    /// <summary>Reloads the filter to one that cannot be opened.</summary>
    private static async Task<ReloadException> FailAsync(TestNode node)
    {
        var now = node.Node.Definition;
        var failing = InTurnFilter.Of("f", () => throw new IOException("no such disk"));
        return await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(now with { Components = [.. now.Components.Select(known => known.Name == "f" ? known with { Options = failing.Options, Type = failing.Type } : known)] }));
    }

    private static string StateOf(TestNode node) => Of(node).State;

    private static ComponentStatus Of(TestNode node) => node.Node.Status().Components.Single(component => component.Name == "filters.f");
}
