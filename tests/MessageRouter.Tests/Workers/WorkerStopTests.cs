using MessageRouter.Routing;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Workers;

public sealed class WorkerStopTests
{
    [Fact]
    public async Task Ends_the_processes_when_everything_has_left_the_node()
    {
        var source = new ProbeSource();
        ScriptedProcesses? processes = null;
        var output = ScriptedOutput.Of(message => processes!.Deeds.Enqueue($"write {message}"));
        var node = await WorkerNode.StartAsync(Some.Chain(source.Input(), output), WorkerNode.Group(instances: 2));
        processes = node.Processes;
        await processes.NextAsync(2);
        source.SendNumbers(1, 2);

        await node.Test.StopAsync();

        Assert.Equal(["""write {"n":1}""", """write {"n":2}"""], processes.Deeds.Take(2));
        Assert.Equal(["terminate w.1", "terminate w.2"], processes.Deeds.Skip(2).Order());
        Assert.All(node.Node.Ledger().Processes, line => Assert.Equal(("stopped", (int?)null, 0L), (line.State, line.Pid, line.Restarts)));
        Assert.False(node.Node.HasFailedComponents);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Kills_a_process_that_does_not_end_within_its_stop_timeout()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        (await node.Processes.NextAsync()).HeedsTerminate = false;

        var stopping = node.Node.StopAsync();
        await node.WaitForStateAsync("w.1", "stopping");
        await node.HandledAsync("w.1");
        node.Test.Clock.Advance(TimeSpan.FromSeconds(4.999));
        await node.HandledAsync("w.1");
        Assert.Equal(["terminate w.1"], node.Processes.Deeds);

        node.Test.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await stopping.WaitAsync(TestNode.Patience);

        Assert.Equal(["terminate w.1", "kill w.1"], node.Processes.Deeds);
        Assert.Contains(new LogLine(LogLevel.Warning, "w.1", "Process 101 has not ended within 5 s of SIGTERM; killing it."), node.Test.Log.Lines);
    }

    [Fact]
    public async Task Kills_the_processes_when_the_node_is_to_stop_at_once()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        (await node.Processes.NextAsync()).HeedsTerminate = false;
        using var atOnce = new CancellationTokenSource();
        var stopping = node.Node.StopAsync(atOnce.Token);
        await node.WaitForStateAsync("w.1", "stopping");
        await node.HandledAsync("w.1");

        await atOnce.CancelAsync();

        Assert.True(await stopping.WaitAsync(TestNode.Patience));
        Assert.Equal(["terminate w.1", "kill w.1"], node.Processes.Deeds);
    }

    [Fact]
    public async Task Keeps_restarting_processes_while_the_node_drains_into_them()
    {
        var (source, gate) = (new ProbeSource(), new Gate());
        await using var node = await WorkerNode.StartAsync(Some.Chain(source.Input(), gate.Output()), WorkerNode.Group());
        var process = await node.Processes.NextAsync();
        source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => !gate.Taken.IsEmpty);

        var stopping = node.Node.StopAsync();
        await node.ExitAsync(process);
        var next = await node.Processes.NextAsync();
        Assert.Equal("w.1", next.Name);
        Assert.Empty(node.Processes.Deeds);

        gate.Open();
        Assert.True(await stopping.WaitAsync(TestNode.Patience));
        Assert.Equal(["terminate w.1"], node.Processes.Deeds);
    }

    [Fact]
    public async Task Cuts_the_pause_before_a_restart_short_while_the_node_drains()
    {
        var (source, gate) = (new ProbeSource(), new Gate());
        await using var node = await WorkerNode.StartAsync(Some.Chain(source.Input(), gate.Output()), WorkerNode.Group());
        for (var pause = 0.0; pause < 1.6; pause = pause == 0 ? 0.2 : pause * 2)
        {
            await node.ExitAsync(await node.Processes.NextAsync());
            node.Test.Clock.Advance(TimeSpan.FromSeconds(pause));
        }
        await node.ExitAsync(await node.Processes.NextAsync());
        source.SendNumbers(1, 1);
        await Eventually.IsTrueAsync(() => !gate.Taken.IsEmpty);

        // It would wait for 1.6 s, and for twice as long the next time.
        var stopping = node.Node.StopAsync();
        for (var i = 0; i < 3; i++)
        {
            await node.HandledAsync("w.1");
            node.Test.Clock.Advance(TimeSpan.FromSeconds(0.2));
            await node.ExitAsync(await node.Processes.NextAsync());
        }

        gate.Open();
        Assert.True(await stopping.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task Starts_no_process_anew_that_is_waiting_for_its_restart_when_the_node_stops()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        await node.ExitAsync(await node.Processes.NextAsync());
        await node.ExitAsync(await node.Processes.NextAsync());

        await node.Test.StopAsync();
        node.Test.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.False(node.Processes.HasNext);
        Assert.Equal("stopped", node["w.1"].State);
    }

    [Fact]
    public async Task Ends_the_processes_where_an_input_cannot_be_opened()
    {
        var processes = new ScriptedProcesses();
        var input = Some.Component<FailingInput>("in", new FailingInput.Options { Open = () => throw new IOException("no") });

        await Assert.ThrowsAsync<ComponentStartException>(() => TestNode.StartAsync(
            Some.Chain(input) with { Workers = [WorkerNode.Group()] },
            services => services.AddSingleton<IWorkerProcesses>(processes)));

        Assert.Equal(["terminate w.1"], processes.Deeds);
    }
}
