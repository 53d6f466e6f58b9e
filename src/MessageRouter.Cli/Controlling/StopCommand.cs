using System.CommandLine;
using System.Diagnostics;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Control.Serving;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router stop</c>: asks a node to stop and stays until it has.</summary>
internal static class StopCommand
{
    /// <summary>How often it is looked whether the process is still there, when it has nothing more to say.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Seconds between two lines of what it waits for, at least.</summary>
    private const double Pause = 0.8;

    /// <summary>What a process may take to end after its control endpoint has closed.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(15);

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("stop", "Asks a running node to drain and stop, and says what it still waits for until it has. A second time it stops the node at once.");
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command);
        var wait = ControlCommands.Duration(command, "--wait", "Wait no longer than this, and end with 75 where the node still drains.");
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            await using var client = ControlClient.Connect(choice(parsed), surroundings);
            var begun = TimeProvider.System.GetTimestamp();
            var status = await client.StatusAsync(cancellation);
            await client.StopAsync(cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.Time(wait) is { } time) limit.CancelAfter(time);
            var json = parsed.GetValue(format) == "json";
            if (!json) surroundings.Output.WriteLine(status.State == "draining" ? $"{Name(status)} was draining already: it stops at once." : $"{Name(status)} stops.");
            var (hasStopped, last) = await WaitAsync(client, status, json ? _ => { } : line => surroundings.Output.WriteLine(line), limit.Token);
            var lost = AtShutdown(last) - AtShutdown(status);
            var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
            if (json) surroundings.Output.WriteLine(ControlJson.Write(new { status.Node, status.Process.Pid, Stopped = hasStopped, Seconds = Math.Round(seconds, 3), Dropped = lost }));
            else surroundings.Output.WriteLine(hasStopped ? $"{Name(status)} has stopped, in {Amount.Time(seconds)}{(lost > 0 ? $"; its drain was cut short, and {Amount.Exactly(lost)} messages are dropped, counted as shutdown" : "")}." : $"{Name(status)} has not stopped yet; it goes on with that. A second `message-router stop` has it stop at once.");
            return hasStopped && lost == 0 ? ExitCode.Done : ExitCode.DrainTimedOut;
        });
        return command;
    }

    /// <summary>Says every second what the node waits for.</summary>
    /// <returns>Whether it has stopped before the wait was ended, and its last status.</returns>
    private static async Task<(bool HasStopped, NodeStatus Last)> WaitAsync(ControlClient client, NodeStatus node, Action<string> say, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var said = 0.0;
        var last = node;
        try
        {
            try
            {
                await foreach (var status in client.StatusesAsync(cancellation))
                {
                    if (status.Process.Pid != node.Process.Pid) return (true, last);
                    last = status;
                    var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
                    if (status is not { State: "draining", DrainsWaitingFor: { Length: > 0 } and not "nothing" and var rest } || seconds - said < Pause) continue;
                    said = seconds;
                    say($"  {Amount.Time(seconds)}: waits for {SafeText.Of(rest)}");
                }
            }
            catch (CommandException)
            {
                // It has hung up, or there was nobody any more to ask.
            }
            await EndsAsync(client, node, cancellation);
            return (true, last);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (false, last);
        }
    }

    private static long AtShutdown(NodeStatus status) => status.Components.Sum(component => component.Dropped.GetValueOrDefault(DropReasons.Shutdown));

    /// <summary>Its process has some last words when nobody can ask it any more; of a process elsewhere nothing is known.</summary>
    private static async Task EndsAsync(ControlClient client, NodeStatus node, CancellationToken cancellation)
    {
        if (!Path.IsPathRooted(client.Address) || Running(node.Process.Pid) is not { } process) return;
        using (process)
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        using (var look = new PeriodicTimer(Look))
        {
            patience.CancelAfter(Ending);
            try
            {
                while (!process.HasExited) await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw CommandException.Unavailable($"the node answers no more, and its process {node.Process.Pid} is still there.");
            }
        }
    }

    private static Process? Running(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Name(NodeStatus status) => $"{SafeText.Of(status.Node)} (pid {status.Process.Pid})";
}
