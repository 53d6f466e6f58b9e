using System.CommandLine;
using MessageRouter.Cli.Passing;
using MessageRouter.Cli.Running;

namespace MessageRouter.Cli;

/// <summary><c>message-router pass</c>: one input, at most one filter and one output, as Message::Passing's command takes them.</summary>
internal static class PassCommand
{
    private static readonly string[] OfTheProgram = ["-h", "--help", "-?", "--version"];

    /// <summary>A command line that begins with an option means this command.</summary>
    public static IReadOnlyList<string> AddVerb(IReadOnlyList<string> arguments) =>
        arguments[0].StartsWith('-') && !OfTheProgram.Contains(arguments[0]) ? ["pass", .. arguments] : arguments;

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("pass", "Runs one input, filter and output without a file, as Message::Passing's command does; the word `pass` may be left out.");
        var flags = PassKeys.All.ToDictionary(key => key.Name, Flag);
        foreach (var flag in flags.Values) command.Add(flag);
        var plugins = new Option<string[]>("--plugin") { HelpName = "PATH", Description = "An assembly with components of your own, or a folder with such; repeatable.", DefaultValueFactory = _ => [], Arity = ArgumentArity.OneOrMore };
        var file = new Option<string?>("--configfile") { HelpName = "FILE", Description = "A file with the same keys; the command line wins over it." };
        command.Add(plugins);
        command.Add(file);
        foreach (var (name, instead) in PassKeys.Unsupported) command.Add(Unsupported(name, instead));
        var options = NodeOptions.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            using var stopping = EarlyStop.Watch(surroundings);
            var settings = new PassSettings(NodeFiles.Reading(surroundings));
            if (parsed.GetValue(file) is { } path) settings.ReadFile(path);
            foreach (var (key, flag) in flags)
            {
                if (parsed.GetValue(flag) is { } text) settings.ReadFlag(key, text);
            }
            settings.AddPlugins(parsed.GetValue(plugins)!);
            var node = NodeFiles.Check(PassDocument.Of(settings, options.Overrides(parsed)), surroundings);
            stopping?.Dispose();
            return new NodeRunner(surroundings, options.Settings(parsed)).RunAsync(node);
        });
        return command;
    }

    private static Option<string?> Flag(PassKey key) => new($"--{key.Name}", Aliases(key.Name))
    {
        HelpName = key.HelpName,
        Description = key.Description,
    };

    private static Option<string?> Unsupported(string name, string instead)
    {
        var option = new Option<string?>($"--{name}", Aliases(name)) { Hidden = true, Arity = ArgumentArity.ZeroOrOne };
        option.Validators.Add(result => result.AddError($"`{result.IdentifierToken?.Value ?? option.Name}` is not supported: {instead}"));
        return option;
    }

    // The original's spelling.
    private static string[] Aliases(string name) => name.Contains('-', StringComparison.Ordinal) ? [$"--{name.Replace('-', '_')}"] : [];

}
