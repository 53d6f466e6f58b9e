using System.CommandLine;
using MessageRouter.Configuration;

namespace MessageRouter.Cli.Help;

/// <summary>Says what is wrong with a command line.</summary>
internal static class UsageErrors
{
    public static string Print(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;

        // What stands behind an unknown option is mostly its value.
        var unmatched = parsed.UnmatchedTokens.Where(LooksLikeOption).DefaultIfEmpty(parsed.UnmatchedTokens.FirstOrDefault() ?? "").First();
        var errors = unmatched.Length > 0
            ? parsed.UnmatchedTokens.Where(token => LooksLikeOption(token) || token == unmatched).Select(token => Unknown(command, token))
            : parsed.Errors.Select(error => error.Message.TrimEnd('.'));
        return string.Concat(errors.Distinct().Select(error => $"error: {error}\n")) + $"Try `{NameOf(command)} --help`.\n";
    }

    public static bool LooksLikeOption(string token) => token.Length > 1 && token[0] == '-';

    /// <summary>The message for a word that the command does not know.</summary>
    public static string Unknown(Command command, string token)
    {
        var word = token.Split('=')[0];
        var candidates = LooksLikeOption(token)
            ? command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        var near = Suggestion.For(word, candidates) ?? (command is RootCommand && File.Exists(token) ? $"run {token}" : null);
        var kind = LooksLikeOption(token) ? "option" : command is RootCommand || command.Subcommands.Count > 0 ? "command" : "argument";
        return $"unknown {kind} `{word}` for `{NameOf(command)}`" + (near is null ? "" : $"; did you mean `{near}`?");
    }

    private static string NameOf(Command command) =>
        command is RootCommand ? CommandLine.Program : $"{NameOf(command.Parents.OfType<Command>().First())} {command.Name}";
}
