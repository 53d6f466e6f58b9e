using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>A block of text that shows a command behind a <c>$</c>, and what it prints; lines with … alone stand for any others.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Arguments">The command's.</param>
/// <param name="Output">What is shown of its output.</param>
internal sealed record ShownSession(string Place, IReadOnlyList<string> Arguments, string Output)
{
    private const string Prompt = "$ message-router ";

    /// <summary>All of the pages that show a command so.</summary>
    public static IEnumerable<ShownSession> All => Snippet.In("text").Where(IsOne).Select(snippet =>
    {
        var lines = snippet.Text.Split('\n');
        return new ShownSession(snippet.Place, lines[0][Prompt.Length..].Split(' '), string.Join('\n', lines.Skip(1)));
    });

    public static bool IsOne(Snippet snippet) => snippet.Text.StartsWith(Prompt, StringComparison.Ordinal);

    public bool Shows(string printed) => Regex.IsMatch(printed.TrimEnd('\n') + "\n", $"\\A{Pattern()}\\z");

    private string Pattern() => string.Concat(Output.TrimEnd('\n').Split('\n').Select(line => line == "…" ? "(.*\n)*?" : Regex.Escape(line) + "\n"));
}
