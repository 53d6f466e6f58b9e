using System.CommandLine;
using MessageRouter.Cli.Controlling;
using MessageRouter.Cli.InForce;
using MessageRouter.Cli.Running;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.InForce;
using MessageRouter.Control.Serving;

namespace MessageRouter.Cli;

/// <summary><c>message-router config</c>: the configuration that is in force, of files or of a node that runs, and how two of them differ.</summary>
internal static class ConfigCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("config", "Shows the configuration that is in force, with everything included and substituted and every default: that of FILE; without FILE that of the node that runs.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        var set = NodeOptions.SetOption();
        var origin = new Option<bool>("--origin") { Arity = ArgumentArity.Zero, Description = "Say of each value where it is from: file and line, --set, or default." };
        var diff = new Option<string[]>("--diff") { HelpName = "FILE", Description = "Show only what is different in FILE, or a folder; ends with 1 where something is. Repeatable, as FILE is.", DefaultValueFactory = _ => [], Arity = ArgumentArity.OneOrMore };
        var live = new Option<bool>("--live") { Arity = ArgumentArity.Zero, Description = "Ask the node that runs; the default without FILE. --set is then for the FILE of --diff." };
        command.Add(set);
        command.Add(origin);
        command.Add(diff);
        command.Add(live);
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command, "hocon", "json");
        command.Validators.Add(result =>
        {
            var isLive = result.GetValue(live) || result.GetResult("--node") is not null || result.GetResult("--control") is not null;
            if (result.GetValue(files) is { Length: > 0 } && isLive) result.AddError("a FILE is read as it stands; leave it out for the node that runs, or write --diff FILE to compare the two");
            if (result.GetValue(diff) is { Length: > 0 } && result.GetValue(format) == "json") result.AddError("`--diff` has no format json; compare the JSON of both");
        });
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var names = parsed.GetValue(files) ?? [];
            var isLive = names.Length == 0;
            var values = isLive ? await LiveConfig.ReadAsync(choice(parsed), surroundings, cancellation) : Read(names);
            if (parsed.GetValue(diff) is not { Length: > 0 } others)
            {
                surroundings.Output.Write(parsed.GetValue(format) == "json" ? ConfigJson.Write(values, parsed.GetValue(origin)) : HoconText.Write(values, parsed.GetValue(origin)));
                return ExitCode.Done;
            }

            // What a running node does not tell cannot be compared.
            var second = Read(others);
            var differences = Difference.Between(values, isLive ? [.. second.Select(ShownConfig.Of)] : second);
            foreach (var difference in differences) surroundings.Output.Write(difference.ToString());
            return differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;

            IReadOnlyList<ConfigValue> Read(string[] paths)
            {
                using var stopping = EarlyStop.Watch(surroundings, ExitCode.Interrupted);
                return NodeReader.Read(NodeFiles.Document(paths, parsed.GetValue(set)!, surroundings), BuiltIns.Registry()).InForce();
            }
        });
        return command;
    }
}
