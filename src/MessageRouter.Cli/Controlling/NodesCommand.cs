using System.CommandLine;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Control.Serving;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router nodes</c>: what runs on this machine.</summary>
internal static class NodesCommand
{
    /// <summary>How long a node may take before the list says that it does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("nodes", "Lists the nodes that run on this machine.");
        var format = ControlCommands.Format(command);
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var nodes = await Task.WhenAll(NodeFinder.All(surroundings).Select(socket => AskAsync(socket, cancellation)));
            if (parsed.GetValue(format) == "json") surroundings.Output.WriteLine(ControlJson.Write(nodes.Select(node => node.ToJson()).ToList()));
            else if (nodes.Length == 0) surroundings.Error.WriteLine(char.ToUpperInvariant(NodeFinder.NoneRuns(null)[0]) + NodeFinder.NoneRuns(null)[1..]);
            else surroundings.Output.Write(TextTable.Print(RunningNode.Columns, nodes.Select(node => node.Cells())));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<RunningNode> AskAsync(string socket, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await using var client = ControlClient.At(socket);
            return new RunningNode(socket, await client.StatusAsync(patience.Token), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new RunningNode(socket, null, "does not answer");
        }
        catch (CommandException exception)
        {
            return new RunningNode(socket, null, exception.ExitCode == ExitCode.NotPermitted ? "of another user" : "does not answer");
        }
    }

    /// <summary>A line of the list.</summary>
    /// <param name="Socket">Where it was found.</param>
    /// <param name="Status">What it has answered.</param>
    /// <param name="Problem">Why it has not.</param>
    private sealed record RunningNode(string Socket, NodeStatus? Status, string? Problem)
    {
        public static readonly (string Heading, bool IsNumber)[] Columns = [("node", false), ("pid", true), ("state", false), ("up", true), ("version", false), ("files", false), ("socket", false)];

        public string[] Cells() => Status is { } status
            ? [status.Node, Amount.Exactly(status.Process.Pid), status.State, Amount.Time(status.UptimeSeconds), status.Version, string.Join(", ", status.Configuration.Files), Socket]
            : [NodeFinder.NameOf(Socket), "", Problem!, "", "", "", Socket];

        public object ToJson() => Status is { } status
            ? new { status.Node, status.Process.Pid, status.State, status.UptimeSeconds, status.Version, status.Configuration.Files, Socket }
            : new { Node = NodeFinder.NameOf(Socket), State = Problem, Socket };
    }
}
