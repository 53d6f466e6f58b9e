using System.CommandLine;
using MessageRouter.Cli.Help;

namespace MessageRouter.Cli;

/// <summary><c>message-router help</c>: the same as <c>--help</c>, and all of it as a man page.</summary>
internal static class HelpCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("help", "Shows the help of a command, or all that there is as a man page.");
        var names = new Argument<string[]>("COMMAND") { Arity = ArgumentArity.ZeroOrMore, Description = "The command." };
        var man = new Option<bool>("--man") { Arity = ArgumentArity.Zero, Description = "Print the man page message-router(1), as `man -l` reads it." };
        command.Add(names);
        command.Add(man);
        command.SetAction(parsed =>
        {
            var root = (RootCommand)parsed.RootCommandResult.Command;
            var path = parsed.GetValue(names) ?? [];
            if (parsed.GetValue(man)) surroundings.Output.Write(ManualPage.Of(root));
            else return root.Parse([.. Known(root, path), "--help"]).Invoke(parsed.InvocationConfiguration);
            return ExitCode.Done;
        });
        return command;
    }

    private static string[] Known(Command root, string[] path)
    {
        var at = root;
        foreach (var name in path) at = at.Subcommands.FirstOrDefault(command => command.Name == name) ?? throw CommandException.Usage(UsageErrors.Unknown(at, name));
        return path;
    }
}
