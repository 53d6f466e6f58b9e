using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>A command that a page tells its reader to run.</summary>
/// <param name="Place">Where it is said.</param>
/// <param name="Text">On one line, without what a comment says of it.</param>
/// <param name="Terminal">Whether it has a terminal of its own, where it goes on while others run.</param>
internal sealed partial record Command(string Place, string Text, bool Terminal)
{
    /// <summary>What is typed into it.</summary>
    public string? Typed { get; private init; }

    public string Page => PageOf(Place);

    /// <summary>Whether it runs until it is stopped.</summary>
    public bool GoesOn => NodePattern().IsMatch(Text) || IsPerl;

    public bool IsPerl => Text.StartsWith("message-pass ", StringComparison.Ordinal);

    public static string PageOf(string place) => place.Split(':')[0];

    /// <summary>The commands of a page in their order.</summary>
    public static IEnumerable<Command> Of(string page) =>
        Snippet.All.Where(snippet => snippet.Page == page).SelectMany(snippet => snippet.Language switch
        {
            "sh" => Lines(snippet),
            "" when InLinePattern().IsMatch(snippet.Text) => [new Command(snippet.Place, snippet.Text, Terminal: false)],
            _ => [],
        });

    private static List<Command> Lines(Snippet block)
    {
        List<Command> commands = [];
        var lines = block.Text.Split('\n');
        var terminal = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, place) = (lines[i], $"{block.Page}:{block.Line + i}");
            while (line.EndsWith('\\')) line = $"{line[..^1].TrimEnd()} {lines[++i].TrimStart()}";
            if (line.StartsWith('#')) terminal = line.StartsWith("# Terminal", StringComparison.Ordinal);
            else if (line.StartsWith('{')) commands[^1] = commands[^1] with { Typed = line };
            else if (line.Length > 0) commands.Add(new(place, CommentPattern().Replace(line, ""), terminal));
        }
        return commands;
    }

    [GeneratedRegex(@"\bmessage-router (run|pass|--input|--output)\b|^dotnet run ")]
    private static partial Regex NodePattern();

    [GeneratedRegex(" +# .*$")]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^(message-router|dotnet \S+ \S+) .")]
    private static partial Regex InLinePattern();
}
