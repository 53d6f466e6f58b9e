using System.CommandLine;
using MessageRouter.Cli.Controlling.Reports;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router status</c>: what goes on in a node, once or every second.</summary>
internal static class StatusCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("status", "Shows what goes on in a running node: its ledger as it stands, rates, and who waits for whom.");
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command);
        var watch = new Option<bool>("--watch", "-w") { Arity = ArgumentArity.Zero, Description = "Go on, once a second, until the node or Ctrl-C ends it." };
        var cluster = new Option<bool>("--cluster") { Arity = ArgumentArity.Zero, Description = "All nodes of its cluster: who is there, what each counts, and the streams between them." };
        command.Add(watch);
        command.Add(cluster);
        command.Validators.Add(result =>
        {
            if (result.GetValue(cluster) && result.GetValue(watch)) result.AddError("`--watch` shows one node; ask for `--cluster` again and again");
        });
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            await using var client = ControlClient.Connect(choice(parsed), surroundings);
            var json = parsed.GetValue(format) == "json";
            if (parsed.GetValue(cluster))
            {
                if (json) surroundings.Output.WriteLine(await client.ClusterJsonAsync(cancellation));
                else surroundings.Output.Write(ClusterText.Print(await client.ClusterAsync(cancellation)));
                return ExitCode.Done;
            }
            if (parsed.GetValue(watch)) return await WatchAsync(client, json, surroundings, cancellation);
            if (json) surroundings.Output.WriteLine(await client.StatusJsonAsync(cancellation));
            else surroundings.Output.Write(StatusReport.Print(await client.StatusAsync(cancellation)));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> WatchAsync(ControlClient client, bool json, Surroundings surroundings, CancellationToken cancellation)
    {
        using var output = new OutputPipe(surroundings);
        try
        {
            if (json) await foreach (var status in client.StatusesJsonAsync(cancellation)) output.WriteLine(status);
            else await foreach (var status in client.StatusesAsync(cancellation)) output.WriteLine(StatusReport.Print(status));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        surroundings.Error.WriteLine("The node has ended.");
        return ExitCode.Done;
    }
}
