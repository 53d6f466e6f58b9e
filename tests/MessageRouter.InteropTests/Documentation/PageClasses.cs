using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>The classes of all pages, which stand in the project that the page about filters has its reader make.</summary>
internal static partial class PageClasses
{
    /// <summary>The page that has the project made.</summary>
    public const string Page = "docs/filters.md";

    private const string Project = "MyApp";

    private const string Usings = "using MessageRouter; using MessageRouter.Components; using Newtonsoft.Json.Linq; namespace MyApp;";
    private const string TestUsings = "using MessageRouter.TestKit; using Xunit; namespace MyApp.Tests;";

    public static bool Has(Snippet snippet) => snippet.Language == "csharp" && ClassPattern().IsMatch(snippet.Text);

    /// <summary>The project's folder, built and tested.</summary>
    public static async Task<string> ProjectAsync() => Path.Combine((await PageRun.Of(Page)).Folder, Project);

    /// <summary>Writes them where the project has just been made.</summary>
    public static async Task AddToAsync(string folder)
    {
        var (filters, tests) = (Path.Combine(folder, Project, Project), Path.Combine(folder, Project, $"{Project}.Tests"));
        if (!Directory.Exists(filters) || Directory.Exists(Path.Combine(filters, "Pages"))) return;
        foreach (var (snippet, i) in Snippet.All.Where(Has).DistinctBy(snippet => snippet.Text).Select((snippet, i) => (snippet, i)))
        {
            var isTest = snippet.Text.Contains("TestKit", StringComparison.Ordinal);
            var path = Directory.CreateDirectory(Path.Combine(isTest ? tests : filters, "Pages")).FullName;
            await File.WriteAllTextAsync(Path.Combine(path, $"Page{i}.cs"), Numbered(snippet, isTest ? TestUsings : Usings));
        }
    }

    /// <summary>The snippet with what the page leaves out, and so that the compiler names the page's lines.</summary>
    /// <param name="snippet">The snippet.</param>
    /// <param name="usings">What those leave out that do not begin with usings of their own.</param>
    public static string Numbered(Snippet snippet, string usings) =>
        $"{(snippet.Text.StartsWith("using ", StringComparison.Ordinal) ? "" : usings)}\n#line {snippet.Line} \"{snippet.Page}\"\n{snippet.Text}\n";

    [GeneratedRegex("^public sealed class ", RegexOptions.Multiline)]
    private static partial Regex ClassPattern();
}
