using System.CommandLine;
using MessageRouter.Cli.Running;
using MessageRouter.Cli.Testing;
using MessageRouter.Hosting;
using MessageRouter.Reloading;
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
        var watch = new Option<bool>("--watch") { Arity = ArgumentArity.Zero, Description = "Reload whenever a file changes that the node was made of: included ones, those of secrets and plug-ins too." };
        command.Add(watch);
        command.Validators.Add(result =>
        {
            if (result.GetValue(watch) && result.GetValue(files) is not { Length: > 0 }) result.AddError("`--watch` needs a FILE to watch");
        });
        command.SetAction(async (parsed, _) =>
        {
            using var warmUp = surroundings.OwnsProcess ? WarmUp.Begin() : null;
            var names = parsed.GetValue(files) ?? [];
            var runner = new NodeRunner(surroundings, options.Settings(parsed));
            NodeDefinition node;
            using (EarlyStop.Watch(surroundings)) node = Read();
            var stamp = parsed.GetValue(watch) ? new FileStamp([.. names, .. node.FilesRead()]) : null;
            return await runner.RunAsync(node, Started, names.Length > 0 ? new NodeReadings(ReadAgain, ReadBrought) : null, stamp);

            NodeDefinition Read() => NodeFiles.ReadToStart(names, options.Overrides(parsed), surroundings);

            Reading ReadAgain(IReadOnlyList<string> others) => NodeFiles.ReadAgain(others.Count > 0 ? others : names, options.Overrides(parsed), surroundings);

            Reading ReadBrought(BroughtConfiguration brought) => NodeFiles.ReadBrought(brought, names, options.Overrides(parsed), surroundings);

            void Started(ILogger logger)
            {
                warmUp?.Dispose();
                if (names.Length == 0) Introduce(logger);
            }
        });
        return command;
    }

    private static void Introduce(ILogger logger) => RunLog.Example(logger, Path.GetFullPath("message-router-example.log"));
}
