using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>What a page has its reader copy: a fenced block, or code within a line.</summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Line">The line that it begins at.</param>
/// <param name="Column">The column too, where it stands within a line; else 0.</param>
/// <param name="Language">What stands behind the fence; nothing within a line.</param>
/// <param name="Text">What is copied.</param>
internal sealed partial record Snippet(string Page, int Line, int Column, string Language, string Text)
{
    private static readonly string Root = Path.GetDirectoryName(Repository.File("MessageRouter.sln"))!;

    /// <summary>All that the pages have, in their order.</summary>
    public static IReadOnlyList<Snippet> All { get; } = [.. Pages.SelectMany(Read)];

    /// <summary>The pages, and the nodes whose comments are pages too.</summary>
    public static IEnumerable<string> Pages => ["README.md", .. Files("docs", "*.md"), .. Directory.GetDirectories(Path.Combine(Root, "src")).SelectMany(folder => Files(folder, "README.md")), .. Files("hocon", "*.conf")];

    /// <summary>Where it is, as editors take it.</summary>
    public string Place => Column == 0 ? $"{Page}:{Line}" : $"{Page}:{Line}:{Column}";

    public static Snippet At(string place) => All.Single(snippet => snippet.Place == place);

    /// <summary>The first fenced block of a page in a language.</summary>
    public static string Of(string page, string language = "csharp") => All.First(snippet => snippet.Page == page && snippet.Language == language).Text;

    public static IEnumerable<Snippet> In(string language) => All.Where(snippet => snippet.Language == language);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Root, folder), pattern).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal);

    private static IEnumerable<Snippet> Read(string page)
    {
        var lines = File.ReadAllLines(Repository.File(page));
        for (var i = 0; i < lines.Length; i++)
        {
            if (page.EndsWith(".conf", StringComparison.Ordinal))
            {
                if (InComment().Match(lines[i]) is { Success: true } command) yield return new(page, i + 1, 0, "sh", command.Groups[1].Value);
            }
            else if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, "```", i + 1);
                yield return new(page, i + 2, 0, lines[i][3..], string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
            else
            {
                foreach (Match code in InLine().Matches(lines[i])) yield return new(page, i + 1, code.Index + 1, "", code.Groups[1].Value);
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InLine();

    [GeneratedRegex("^# {3}(.*message-router .*|dotnet .*)$")]
    private static partial Regex InComment();
}
