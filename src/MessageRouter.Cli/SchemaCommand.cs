using System.CommandLine;
using MessageRouter.Cli.Running;
using MessageRouter.Cli.Schemas;
using MessageRouter.Components;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Plugins;

namespace MessageRouter.Cli;

/// <summary><c>message-router schema</c>: what a configuration may say, for editors and validators.</summary>
internal static class SchemaCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("schema", "Prints a JSON Schema of a whole configuration, for editors and validators.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        files.Description = "HOCON files, whose plug-ins' components are in it too.";
        var plugins = PluginTypes.Option(command, "An assembly whose components are in it too, or a folder with such; repeatable.");
        command.SetAction(parsed =>
        {
            var types = new PluginTypes().Add(parsed.GetValue(plugins)!);
            if (parsed.GetValue(files) is { Length: > 0 } names) AddOf(types, names, surroundings);
            surroundings.Output.WriteLine(Print(types));
            return ExitCode.Done;
        });
        return command;
    }

    private static void AddOf(PluginTypes types, string[] names, Surroundings surroundings)
    {
        using var stopping = EarlyStop.Watch(surroundings, ExitCode.Interrupted);
        types.AddOf(HoconReader.ReadFiles(names, NodeFiles.Reading(surroundings)));
    }

    private static string Print(PluginTypes types)
    {
        try
        {
            return NodeSchema.Of([.. types.Registry.Types], [.. types.Classes]);
        }
        catch (Exception exception) when (LoadFailure.Of(exception) is not null || types.Registry.Types.Any(type => type.ActorType.Assembly != typeof(BuiltIns).Assembly))
        {
            // The defaults of a plug-in's options come from the plug-in's code.
            throw new CommandException(ExitCode.Configuration, $"the keys of a plug-in cannot be read: {LoadFailure.Of(exception)?.Problem ?? LoadFailure.Told(LoadFailure.Cause(exception))}");
        }
    }
}
