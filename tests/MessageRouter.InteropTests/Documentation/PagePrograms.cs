using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>The programs of all pages, and their parts, in one project to which the packages' pages add their packages.</summary>
internal static partial class PagePrograms
{
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);

    /// <summary>Those that stand by themselves; the others are given what they name.</summary>
    public static bool IsWhole(Snippet snippet) => snippet.Language == "csharp" && !PageClasses.Has(snippet) && snippet.Text.StartsWith("using ", StringComparison.Ordinal);

    public static bool IsPackage(string page) => page.StartsWith("src/", StringComparison.Ordinal) && Command.Of(page).FirstOrDefault() is { } first && first.Text.StartsWith("dotnet add package ", StringComparison.Ordinal);

    /// <summary>The project's folder.</summary>
    public static Task<string> ProjectAsync() => Made.Value;

    /// <summary>Starts a program of a page.</summary>
    public static async Task<Peer> StartAsync(Snippet program)
    {
        var assembly = await Built.Value;
        return ReadersMachine.Shell((await PageRun.Of(program.Page)).Folder, $"exec dotnet {assembly} {program.Place}");
    }

    private static async Task<string> MakeAsync()
    {
        var folder = await ReadersMachine.Folder("");
        await SucceedsAsync(folder, "dotnet new console -o Programs");
        return Path.Combine(folder, "Programs");
    }

    private static async Task<string> BuildAsync()
    {
        var folder = await ProjectAsync();
        foreach (var page in Snippet.Pages.Where(IsPackage)) await PageRun.Of(page);
        var filters = Path.Combine(await PageClasses.ProjectAsync(), "MyApp/bin/MyApp.dll");
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.targets"), $"""<Project><ItemGroup><Reference Include="{filters}" /></ItemGroup></Project>""");
        var snippets = Snippet.In("csharp").Where(snippet => !PageClasses.Has(snippet)).ToList();
        for (var i = 0; i < snippets.Count; i++) await File.WriteAllTextAsync(Path.Combine(folder, $"Page{i}.cs"), await MethodAsync(snippets[i], i));
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), $$"""
            switch (args[0])
            {
            {{string.Concat(snippets.Select((snippet, i) => IsWhole(snippet) ? $"case \"{snippet.Place}\": await Page{i}.RunAsync([]); break;\n" : ""))}}
            }
            """);
        await SucceedsAsync(folder, "dotnet build -warnaserror -o bin");
        return Path.Combine(folder, "bin/Programs.dll");
    }

    /// <summary>A method of the statements of a page.</summary>
    private static async Task<string> MethodAsync(Snippet snippet, int i)
    {
        var lines = (await PageRun.Of(snippet.Page)).Elsewhere(snippet.Text).Split('\n').ToList();
        var usings = lines.TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal) || line.Length == 0).Count();
        List<string> parameters = ["string[] args"];
        if (!IsWhole(snippet)) parameters.AddRange(["Microsoft.Extensions.Hosting.HostApplicationBuilder builder", "MessageRouter.Hosting.RouterBuilder router"]);
        return $$"""
            {{(IsWhole(snippet) ? "" : "using Microsoft.Extensions.DependencyInjection; using Microsoft.Extensions.Logging;")}}
            {{string.Join('\n', lines[..usings])}}
            static class Page{{i}}
            {
                public static async Task RunAsync({{string.Join(", ", parameters.Where(parameter => IsNeeded(parameter, snippet.Text)))}})
                {
            #pragma warning disable CS1998
            #line {{snippet.Line + usings}} "{{snippet.Page}}"
            {{string.Join('\n', lines[usings..])}}
                }
            }
            """;
    }

    /// <summary>A lambda names its parameter itself.</summary>
    private static bool IsNeeded(string parameter, string text)
    {
        var name = parameter.Split(' ')[^1];
        return name == "args" || (Regex.IsMatch(text, $@"\b{name}\.") && !text.Contains($"{name} =>", StringComparison.Ordinal));
    }

    private static async Task SucceedsAsync(string folder, string command)
    {
        await using var shell = ReadersMachine.Shell(folder, command);
        Assert.True(await shell.Exits(Peer.Patience * 3) == 0, shell.Describe());
    }
}
