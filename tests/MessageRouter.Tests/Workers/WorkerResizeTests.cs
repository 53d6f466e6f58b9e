using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Workers;

public sealed class WorkerResizeTests
{
    [Fact]
    public async Task Starts_the_ones_that_are_missing()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        await node.Processes.NextAsync();

        Assert.True(node.Node.ResizeWorkers("w", 3));

        Assert.Equal(["w.2", "w.3"], (await node.Processes.NextAsync(2)).Select(process => process.Name));
    }

    [Theory]
    [InlineData("w")]
    [InlineData("workers.w")]
    public async Task A_group_is_resized_as_a_pool_is(string name)
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        await node.Processes.NextAsync();

        await node.Node.ResizeAsync(name, 2);

        Assert.Equal("w.2", (await node.Processes.NextAsync()).Name);
    }

    [Fact]
    public async Task Ends_the_ones_with_the_highest_numbers_and_forgets_them()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(instances: 3));
        await node.Processes.NextAsync(3);

        node.Node.ResizeWorkers("w", 1);

        await Eventually.IsTrueAsync(() => node.Node.Ledger().Processes.Count == 1);
        Assert.Equal(["terminate w.2", "terminate w.3"], node.Processes.Deeds.Order());
        Assert.Equal("running", node["w.1"].State);
    }

    [Fact]
    public async Task Starts_one_anew_that_is_wanted_again_while_it_is_still_ending()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        var process = await node.Processes.NextAsync();
        process.HeedsTerminate = false;
        node.Node.ResizeWorkers("w", 0);
        await node.WaitForStateAsync("w.1", "stopping");

        node.Node.ResizeWorkers("w", 1);
        await node.HandledAsync("w");
        Assert.False(node.Processes.HasNext);
        process.Exit(0);

        Assert.NotEqual(process.Id, (await node.Processes.NextAsync()).Id);
    }

    [Fact]
    public async Task A_node_that_drains_starts_no_more_processes()
    {
        var (source, gate) = (new ProbeSource(), new Gate());
        await using var node = await WorkerNode.StartAsync(Some.Chain(source.Input(), gate.Output()), WorkerNode.Group());
        await node.Processes.NextAsync();
        source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => !gate.Taken.IsEmpty);

        var stopping = node.Test.StopAsync();
        Assert.False(node.Node.ResizeWorkers("w", 3));
        Assert.Equal("workers.w cannot be resized: the node does not run, or is stopping.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => node.Node.ResizeAsync("w", 3))).Message);
        gate.Open();
        await stopping;

        Assert.Equal(["terminate w.1"], node.Processes.Deeds);
        Assert.False(node.Processes.HasNext);
    }

    [Fact]
    public async Task Knows_its_groups()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());

        Assert.False(node.Node.ResizeWorkers("other", 2));
    }
}
