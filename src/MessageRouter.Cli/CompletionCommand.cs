using System.CommandLine;
using MessageRouter.Cli.Completion;

namespace MessageRouter.Cli;

/// <summary><c>message-router completion</c>: has a shell complete this program's command lines.</summary>
internal static class CompletionCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("completion", "Prints a script for a shell, which then completes commands, options, components and the names of running nodes.");
        var shell = new Argument<string>("SHELL") { HelpName = string.Join('|', Shells.Names), Description = "The shell." };
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !Shells.Names.Contains(name)) result.AddError($"there is completion for {string.Join(", ", Shells.Names.SkipLast(1))} and {Shells.Names[^1]}, not for `{name}`");
        });
        command.Add(shell);
        command.SetAction(parsed =>
        {
            surroundings.Output.Write(Shells.Script(parsed.GetValue(shell)!));
            return ExitCode.Done;
        });
        return command;
    }
}
