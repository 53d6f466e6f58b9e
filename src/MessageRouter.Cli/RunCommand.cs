using System.CommandLine;
using MessageRouter.Cli.Running;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

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
            if (surroundings.OwnsProcess) WarmUp.Begin();
            var names = parsed.GetValue(files) ?? [];
            var runner = new NodeRunner(surroundings, options.Settings(parsed));
            NodeDefinition node;
            using (EarlyStop.Watch(surroundings)) node = Read();
            return names.Length > 0 ? runner.RunAsync(node, read: Read) : runner.RunAsync(node, Introduce);

            NodeDefinition Read() => NodeFiles.Read(names, options.Overrides(parsed), surroundings);
        });
        return command;
    }

    private static void Introduce(ILogger logger) => RunLog.Example(logger, Path.GetFullPath("message-router-example.log"));
}
