using System.CommandLine;
using MessageRouter.Cli.Running;

namespace MessageRouter.Cli;

/// <summary><c>message-router run</c>: starts a node and stays until it ends.</summary>
internal static class RunCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("run", "Runs a node; without FILE one that sends messages to itself over ZeroMQ, to see it work.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        var options = NodeOptions.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var node = NodeFiles.Read(parsed.GetValue(files) ?? [], options.Overrides(parsed), surroundings);
            return new NodeRunner(surroundings, options.Settings(parsed)).RunAsync(node);
        });
        return command;
    }
}
