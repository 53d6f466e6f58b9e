using System.CommandLine;
using MessageRouter.Cli.Running;
using MessageRouter.Control.Graphs;
using MessageRouter.Routing;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router graph</c>: who sends to whom, of files, or of a node that runs with its numbers.</summary>
internal static class GraphCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("graph", "Draws a node as FILE describes it; without FILE the one that runs, with rates, fill and what is dropped, or its cluster.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        var set = NodeOptions.SetOption();
        var live = new Option<bool>("--live") { Arity = ArgumentArity.Zero, Description = "Draw the node that runs; the default without FILE." };
        command.Add(live);
        var cluster = new Option<bool>("--cluster") { Arity = ArgumentArity.Zero, Description = "Draw the node's cluster: who feeds which stream, who takes it, and the links between." };
        command.Add(cluster);
        var choice = NodeChoice.AddTo(command);
        command.Add(set);
        var format = ControlCommands.Format(command, [.. GraphFormat.Names]);
        command.Validators.Add(result =>
        {
            var isLive = result.GetValue(live) || result.GetValue(cluster) || result.GetResult("--node") is not null || result.GetResult("--control") is not null;
            if (result.GetValue(files) is { Length: > 0 } && isLive) result.AddError("a FILE is drawn as it stands; leave it out for the node that runs");
        });
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var names = parsed.GetValue(files) ?? [];
            var graph = names.Length > 0
                ? NodeGraph.Of(ReadFiles(names, parsed.GetValue(set)!, surroundings))
                : await LiveAsync(choice(parsed), parsed.GetValue(cluster), surroundings, cancellation);
            surroundings.Output.Write(GraphFormat.Write(graph, parsed.GetValue(format)!, InColor(surroundings)));
            return ExitCode.Done;
        });
        return command;
    }

    private static NodeDefinition ReadFiles(string[] names, string[] overrides, Surroundings surroundings)
    {
        using var stopping = EarlyStop.Watch(surroundings, ExitCode.Interrupted);
        return NodeFiles.Read(names, overrides, surroundings);
    }

    private static async Task<NodeGraph> LiveAsync(NodeChoice choice, bool ofCluster, Surroundings surroundings, CancellationToken cancellation)
    {
        await using var client = ControlClient.Connect(choice, surroundings);
        return ofCluster ? ClusterGraph.Of(await client.ClusterAsync(cancellation)) : NodeGraph.Of(await client.StatusAsync(cancellation));
    }

    private static bool InColor(Surroundings surroundings) =>
        surroundings.OwnsProcess && !Console.IsOutputRedirected && string.IsNullOrEmpty(surroundings.Environment("NO_COLOR")) && surroundings.Environment("TERM") is not (null or "" or "dumb");
}
