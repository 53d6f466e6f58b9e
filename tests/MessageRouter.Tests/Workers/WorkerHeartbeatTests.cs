using MessageRouter.Components;
using MessageRouter.TestKit;
using MessageRouter.Workers;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Workers;

public sealed class WorkerHeartbeatTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Kills_and_restarts_one_that_has_become_silent()
    {
        await using var node = await StartAsync();
        var process = await node.Processes.NextAsync();
        process.IsAlive = true;
        await PassAsync(node, TimeSpan.FromSeconds(60));
        Assert.Empty(node.Processes.Deeds);

        process.IsAlive = false;
        await PassAsync(node, Limit);

        var next = await node.Processes.NextAsync();
        await node.WaitForStateAsync("w.1", "running");
        Assert.Equal(["kill w.1"], node.Processes.Deeds);
        Assert.Equal((1, (int?)next.Id, "killed, silent for 30 s, after 90 s"), (node["w.1"].Restarts, node["w.1"].Pid, node["w.1"].LastError));
        Assert.Contains(new LogLine(LogLevel.Warning, "w.1", "Process 101 has given no sign of life for 30 s; killing it."), node.Test.Log.Lines);
        Assert.Contains(new LogLine(LogLevel.Warning, "w.1", "Ended: killed, silent for 30 s, after 90 s. Restarting in 0 s."), node.Test.Log.Lines);
    }

    [Fact]
    public async Task Says_of_one_that_has_never_given_a_sign_how_it_could()
    {
        await using var node = await StartAsync();
        await node.Processes.NextAsync();

        await PassAsync(node, Limit);
        await node.Processes.NextAsync();

        Assert.Equal("killed, silent for 30 s since its start (is it a program that sends WATCHDOG=1 to NOTIFY_SOCKET?), after 30 s", node["w.1"].LastError);
    }

    [Fact]
    public async Task Gives_one_up_that_is_silent_from_its_start_too_often()
    {
        await using var node = await StartAsync(new SupervisionOptions { MaxRestarts = 1, Within = Timeout.InfiniteTimeSpan });
        await node.Processes.NextAsync();
        await PassAsync(node, Limit);
        await node.Processes.NextAsync();
        await PassAsync(node, Limit);
        await node.WaitForStateAsync("w.1", "waiting");
        await PassAsync(node, TimeSpan.FromSeconds(0.2));
        await node.Processes.NextAsync();
        await PassAsync(node, Limit);

        await node.WaitForStateAsync("w.1", "stopped");

        Assert.True(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task Makes_a_fresh_start_after_one_that_had_lived_before_it_fell_silent()
    {
        await using var node = await StartAsync(new SupervisionOptions { MaxRestarts = 0 });
        for (var i = 0; i < 5; i++)
        {
            var process = await node.Processes.NextAsync();
            process.IsAlive = true;
            // The life that counts ends with the last sign that was looked for, up to a look's interval before.
            await PassAsync(node, 2 * WorkerActor.Settled);
            process.IsAlive = false;
            await PassAsync(node, Limit);
        }
        await node.Processes.NextAsync();

        Assert.False(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task Kills_nobody_for_the_time_in_which_the_node_slept()
    {
        await using var node = await StartAsync();
        await node.Processes.NextAsync();
        await PassAsync(node, Limit / 2);

        node.Test.Clock.Advance(TimeSpan.FromDays(1));
        await node.HandledAsync("w.1");
        Assert.Empty(node.Processes.Deeds);

        await PassAsync(node, Limit / 2);
        Assert.Equal(["kill w.1"], node.Processes.Deeds);
        await node.Processes.NextAsync();
    }

    [Fact]
    public async Task Expects_no_sign_of_one_that_is_to_end()
    {
        await using var node = await StartAsync(stopTimeout: TimeSpan.FromHours(1));
        var process = await node.Processes.NextAsync();
        process.HeedsTerminate = false;

        node.Node.ResizeWorkers("w", 0);
        await node.WaitForStateAsync("w.1", "stopping");
        await PassAsync(node, 2 * Limit);

        Assert.Equal(["terminate w.1"], node.Processes.Deeds);
        process.Exit(0);
    }

    [Fact]
    public async Task Expects_none_where_the_group_says_nothing()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group());
        await node.Processes.NextAsync();

        await PassAsync(node, TimeSpan.FromHours(1));

        Assert.Empty(node.Processes.Deeds);
    }

    [Fact]
    public async Task Says_that_one_cannot_be_killed_and_restarts_it_when_it_has_ended()
    {
        await using var node = await StartAsync();
        var process = await node.Processes.NextAsync();
        process.HeedsKill = false;
        await PassAsync(node, Limit);
        await PassAsync(node, TimeSpan.FromSeconds(5));
        Assert.Contains(new LogLine(LogLevel.Error, "w.1", "Process 101 could not be killed; it is restarted when it has ended."), node.Test.Log.Lines);
        Assert.False(node.Processes.HasNext);

        process.Exit(137);

        await node.Processes.NextAsync();
    }

    private static Task<WorkerNode> StartAsync(SupervisionOptions? supervision = null, TimeSpan? stopTimeout = null)
    {
        var group = WorkerNode.Group(supervision: supervision) with { HeartbeatTimeout = Limit };
        return WorkerNode.StartAsync(group with { StopTimeout = stopTimeout ?? group.StopTimeout });
    }

    /// <summary>Lets time go by as it does for a node that is awake.</summary>
    private static async Task PassAsync(WorkerNode node, TimeSpan time)
    {
        // The process is there before the actor has set the timer by which it looks.
        await node.HandledAsync("w.1");
        var step = Limit / 30;
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            node.Test.Clock.Advance(left < step ? left : step);
            await node.HandledAsync("w.1");
        }
    }
}
