using System.Reflection;
using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>Where a reader follows the pages: outside the repository, with the packages that it makes in a feed, and with a home of its own.</summary>
internal static partial class ReadersMachine
{
    private static readonly Lazy<TemporaryDirectory> Home = new(Prepare);

    private static readonly string Configuration = typeof(ReadersMachine).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static int folders;

    private static string HomePath => Home.Value.Path;

    /// <summary>Leaves nothing behind: at the end of the process there is no time for so many files.</summary>
    public static void Clear() => Home.Value.Dispose();

    /// <summary>A folder in which a page is followed; it has what pages take to be there.</summary>
    /// <param name="node">The node that pages call <c>node.conf</c>.</param>
    public static async Task<string> Folder(string node)
    {
        var folder = $"page{++folders}/here";
        Home.Value.Write($"{folder}/nuget.config", $"""<configuration><packageSources><add key="packed" value="{await PackedPackages.FolderAsync()}" /></packageSources></configuration>""");
        Home.Value.Write($"{folder}/node.conf", node);
        Home.Value.Write($"{folder}/base.conf", "router { inputs.lines { type = stdin, to = screen }, outputs.screen { type = stdout } }");
        Home.Value.Write($"{folder}/site.conf", "router.inputs.lines.decode = text");
        Home.Value.Write($"{folder}/app.log", "");
        Home.Value.Write($"{folder}/node.tests.conf", Snippet.Of("docs/testing.md", "hocon"));
        var hocon = Repository.File("hocon");
        foreach (var file in Directory.GetFiles(hocon, "*.conf").Concat(Directory.GetFiles(Path.Combine(hocon, "tests"))).Concat(Directory.GetFiles(Path.Combine(hocon, "custom-filter/bin"), "*.dll")))
        {
            var copy = Path.Combine(HomePath, folder, "hocon", Path.GetRelativePath(hocon, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return Path.Combine(HomePath, folder);
    }

    /// <summary>Runs a command as a terminal does, in a group of its own.</summary>
    public static Peer Shell(string folder, string command) =>
        new(folder, "env", ["--default-signal=HUP,INT,TERM", "setsid", "bash", "-c", $"set -e; trap : INT\n{command}"],
        [
            .. DotnetCommand.Surroundings(HomePath),
            ("DOTNET_CLI_HOME", HomePath), ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"), ("DOTNET_NOLOGO", "1"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("MESSAGE_ROUTER_SOCKETS", $"{HomePath}/sockets"),
            ("PATH", $"{HomePath}/.dotnet/tools:{Environment.GetEnvironmentVariable("PATH")}"),
        ]);

    /// <summary>What has been built for these tests is not built again: packages are at hand.</summary>
    public static async Task<string> WithoutBuilding(string command) =>
        Packing().Replace(command, $"cp -r {await PackedPackages.FolderAsync()} $1")
            .Replace("dotnet run --project src/", $"dotnet run --no-build --configuration {Configuration} --project {Repository.File("src")}/", StringComparison.Ordinal);

    private static TemporaryDirectory Prepare()
    {
        var home = new TemporaryDirectory();
        const string Sources = ".nuget/NuGet/NuGet.Config";
        var sources = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Sources);
        if (File.Exists(sources)) home.Write(Sources, File.ReadAllText(sources));
        return home;
    }

    [GeneratedRegex(@"dotnet pack(?: src/\S+)? -o (\S+)")]
    private static partial Regex Packing();
}
