using System.CommandLine;

namespace MessageRouter.Cli.Completion;

/// <summary>Answers shells: how a command line may go on. Whatever happens, it says nothing else.</summary>
internal static class Completer
{
    /// <summary>What shells call, with the words behind it; it is no command for people.</summary>
    public const string Verb = "complete";

    /// <summary>Writes a line for each word with which the command line may go on.</summary>
    /// <param name="root">The root command.</param>
    /// <param name="words">The words behind the program's name; the last one, which may be empty, is the one to complete.</param>
    /// <param name="surroundings">Where to write to, and to look for nodes.</param>
    public static async Task<int> AnswerAsync(Command root, IReadOnlyList<string> words, Surroundings surroundings)
    {
        try
        {
            var candidates = await FindAsync(root, words, new Sources(surroundings));
            foreach (var candidate in candidates) surroundings.Output.Write($"{candidate}\n");
        }
        catch (Exception)
        {
            // Somebody is typing: what cannot be found out is no news to show in the middle of that.
        }
        return ExitCode.Done;
    }

    private static async Task<IEnumerable<Candidate>> FindAsync(Command root, IReadOnlyList<string> words, Sources sources)
    {
        var current = words.Count > 0 ? words[^1] : "";
        words = Joined(words);
        if (words.Count > 0 && words[0].Length > 0) words = PassCommand.AddVerb(words);
        var typed = TypedCommand.Read(root, words.SkipLast(1));

        if (typed.Option is { } waiting) return Beginning(current == "=" ? "" : current, await sources.OfAsync(waiting, typed));
        if (current.StartsWith("--", StringComparison.Ordinal) && current.Split('=', 2) is [var name, var value])
            return typed.Find(name) is { } option ? Beginning(value, await sources.OfAsync(option, typed)).Where(candidate => candidate != Candidate.Files).Select(candidate => candidate with { Word = $"{name}={candidate.Word}" }) : [];
        if (current.StartsWith('-')) return Options(typed, current);

        var commands = typed.Subcommands.Select(command => Candidate.Of(command.Name, command.Description));
        return Beginning(current, [.. commands, .. typed.Argument is { } argument ? await sources.OfAsync(argument, typed) : []]);
    }

    /// <summary>bash has <c>--format=json</c> as three words.</summary>
    private static List<string> Joined(IReadOnlyList<string> words)
    {
        var joined = new List<string>();
        foreach (var word in words)
        {
            if (word != "=" || joined is not [.., ['-', ..]]) joined.Add(word);
        }
        return words is [.., "="] ? [.. joined, ""] : joined;
    }

    private static IEnumerable<Candidate> Options(TypedCommand typed, string current)
    {
        var options = typed.Options.ToList();
        var found = Beginning(current, options.Select(option => Candidate.Of(option.Name, option.Description))).ToList();

        // Other spellings are for those who type them.
        return found.Count > 0 ? found : Beginning(current, options.SelectMany(option => option.Aliases.Select(alias => Candidate.Of(alias, option.Description))));
    }

    private static IEnumerable<Candidate> Beginning(string begin, IEnumerable<Candidate> candidates) =>
        candidates.Where(candidate => candidate == Candidate.Files || candidate.Word.StartsWith(begin, StringComparison.Ordinal)).DistinctBy(candidate => candidate.Word).OrderBy(candidate => candidate.Word, StringComparer.Ordinal);
}
