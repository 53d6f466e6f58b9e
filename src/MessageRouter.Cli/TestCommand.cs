using System.CommandLine;
using MessageRouter.Cli.Controlling;
using MessageRouter.Cli.Testing;

namespace MessageRouter.Cli;

/// <summary><c>message-router test</c>: tests of whole nodes, as files describe them.</summary>
internal static class TestCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("test", "Tests nodes: their inputs and outputs are replaced, all between is real, and time passes by itself. Nothing is read, sent or started.");
        var files = NodeFiles.Argument(command, ArgumentArity.OneOrMore);
        files.Description = "Files with a node and a `tests` block, each for itself; of a folder the *.conf that have one.";
        var junit = new Option<string?>("--junit") { HelpName = "FILE", Description = "Write the results there as JUnit's XML, too." };
        var filter = new Option<string?>("--filter") { HelpName = "NAME", Description = "Only tests whose name has this in it." };
        var watch = new Option<bool>("--watch") { Arity = ArgumentArity.Zero, Description = "Run them again whenever a file changes that they are made of." };
        var set = NodeOptions.SetOption();
        command.Add(junit);
        command.Add(filter);
        command.Add(watch);
        command.Add(set);
        command.Does(surroundings, (parsed, cancellation) =>
        {
            var session = new TestSession(surroundings)
            {
                Paths = parsed.GetValue(files)!,
                Overrides = parsed.GetValue(set)!,
                Filter = parsed.GetValue(filter),
                JUnitFile = parsed.GetValue(junit),
            };
            return parsed.GetValue(watch) ? session.WatchAsync(cancellation) : session.RunAsync(cancellation);
        });
        return command;
    }
}
