using MessageRouter.Components;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Workers;

public sealed class WorkerSupervisionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Starts_every_instance_of_every_group_and_numbers_them()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group("mail"), WorkerNode.Group("resize", instances: 3), WorkerNode.Group("none", instances: 0));

        var started = await node.Processes.NextAsync(4);

        Assert.Equal(["mail.1", "resize.1", "resize.2", "resize.3"], started.Select(process => process.Name));
        await node.WaitForStateAsync("resize.3", "running");
        Assert.Equal(["mail.1", "resize.1", "resize.2", "resize.3"], node.Node.Ledger().Processes.Select(line => line.Name));
    }

    [Fact]
    public async Task Restarts_a_process_that_has_ended_whatever_its_exit_code()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        var first = await node.Processes.NextAsync();
        await node.WaitForStateAsync("w.1", "running");
        node.Test.Clock.Advance(12 * Second);

        first.Exit(0);

        var second = await node.Processes.NextAsync();
        await node.WaitForStateAsync("w.1", "running");
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((1, "exit code 0 after 12 s"), (node["w.1"].Restarts, node["w.1"].LastError));
        Assert.Contains(new LogLine(LogLevel.Warning, "w.1", "Ended: exit code 0 after 12 s. Restarting in 0 s."), node.Test.Log.Lines);
    }

    [Fact]
    public async Task Says_which_signal_has_ended_a_process()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        await node.ExitAsync(await node.Processes.NextAsync(), 137);

        Assert.Equal("exit code 137 (SIGKILL) after 0 s", node["w.1"].LastError);
    }

    [Fact]
    public async Task Waits_longer_and_longer_for_one_that_ends_soon_again_and_again()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        await node.ExitAsync(await node.Processes.NextAsync());

        foreach (var pause in new[] { 0.2, 0.4, 0.8, 1.6 })
        {
            await node.ExitAsync(await node.Processes.NextAsync());
            Assert.Equal("waiting", node["w.1"].State);

            node.Test.Clock.Advance(TimeSpan.FromSeconds(pause - 0.001));
            await node.HandledAsync("w.1");
            Assert.False(node.Processes.HasNext);

            node.Test.Clock.Advance(TimeSpan.FromSeconds(0.001));
        }
        await node.Processes.NextAsync();
    }

    [Fact]
    public async Task A_process_that_has_run_for_ten_seconds_makes_a_fresh_start()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(supervision: new SupervisionOptions { MaxRestarts = 0 }));
        for (var i = 0; i < 20; i++)
        {
            var process = await node.Processes.NextAsync();
            await node.WaitForStateAsync("w.1", "running");
            node.Test.Clock.Advance(WorkerActor.Settled);
            await node.ExitAsync(process);
        }
        await node.Processes.NextAsync();

        Assert.Equal(20, node["w.1"].Restarts);
        Assert.False(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task Gives_one_up_that_ends_too_often_while_the_others_go_on()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(instances: 2, supervision: new SupervisionOptions { MaxRestarts = 1 }));
        var failing = (await node.Processes.NextAsync(2))[0];
        await node.ExitAsync(failing);
        await node.ExitAsync(await node.Processes.NextAsync());
        node.Test.Clock.Advance(Second);
        await node.ExitAsync(await node.Processes.NextAsync(), 3);

        await node.WaitForStateAsync("w.1", "stopped");

        Assert.Equal((2, "exit code 3 after 0 s"), (node["w.1"].Restarts, node["w.1"].LastError));
        Assert.Equal("running", node["w.2"].State);
        Assert.True(node.Node.HasFailedComponents);
        Assert.Contains(new LogLine(LogLevel.Error, "w.1", "Ended: exit code 3 after 0 s. Not restarted any more, as its supervision says."), node.Test.Log.Lines);
    }

    [Theory]
    [InlineData(OnError.Stop, "stopped")]
    [InlineData(OnError.Resume, "running")]
    internal async Task Does_what_the_policy_says_where_resuming_can_only_mean_restarting(OnError onError, string state)
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(supervision: new SupervisionOptions { OnError = onError }));

        await node.ExitAsync(await node.Processes.NextAsync());

        await node.WaitForStateAsync("w.1", state);
    }

    [Fact]
    public async Task Treats_a_start_that_fails_as_an_end()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        var first = await node.Processes.NextAsync();
        node.Processes.Problem = "there is no file `/work`";
        first.Exit(1);
        await Eventually.IsTrueAsync(() => node["w.1"].Restarts == 2);
        await node.HandledAsync("w.1");

        Assert.Equal(("waiting", "it could not be started, there is no file `/work`"), (node["w.1"].State, node["w.1"].LastError));

        node.Processes.Problem = null;
        node.Test.Clock.Advance(Second);
        await node.Processes.NextAsync();
    }

    [Fact]
    public async Task Passes_on_what_a_process_writes_under_its_name()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        var process = await node.Processes.NextAsync();

        process.Write("a line");

        Assert.Contains(new LogLine(LogLevel.Information, "w.1", "a line"), node.Test.Log.Lines);
    }

    [Fact]
    public async Task Shows_the_id_and_age_of_the_process_at_work()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        var process = await node.Processes.NextAsync();
        await node.WaitForStateAsync("w.1", "running");

        node.Test.Clock.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal((process.Id, 1.5, 0), (node["w.1"].Pid, node["w.1"].UptimeSeconds, node["w.1"].Restarts));
        Assert.Contains($"\"pid\": {process.Id}", node.Node.Ledger().ToJson(), StringComparison.Ordinal);
    }
}
