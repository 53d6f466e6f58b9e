using System.Text.RegularExpressions;
using MessageRouter.Cli;
using MessageRouter.Cli.Scaffolding;

namespace MessageRouter.Tests.Cli;

public sealed class NewFilterTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("Acme.Redact", "Acme.Redact", "RedactFilter")]
    [InlineData("redact", "Redact", "RedactFilter")]
    [InlineData("my-filter", "MyFilter", "MyFilter")]
    [InlineData("my_messages", "MyMessages", "MyMessagesFilter")]
    [InlineData("HTTPCheck", "HTTPCheck", "HTTPCheckFilter")]
    [InlineData("acme.jsonFilter", "Acme.JsonFilter", "JsonFilter")]
    [InlineData("filter", "Filter", "FilterFilter")]
    [InlineData("class", "Class", "ClassFilter")]
    public void A_name_gives_a_namespace_and_a_class(string name, string space, string type) =>
        Assert.Equal(new FilterName(name, space, type), FilterName.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("my filter")]
    [InlineData("../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("1st")]
    [InlineData("Acme.")]
    [InlineData("Acme..Redact")]
    [InlineData("Acme._")]
    [InlineData("redact\n")]
    [InlineData("filtré")]
    [InlineData("message")]
    [InlineData("Acme.Task")]
    [InlineData("MessageRouter.Mine")]
    [InlineData("akka")]
    public async Task A_name_that_cannot_be_one_is_a_usage_error(string name)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("new", "filter", name, "--output", _cli["project"]));

        Assert.Contains("cannot name a filter", _cli.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli["project"]));
    }

    [Fact]
    public void A_name_of_a_thousand_letters_is_refused() =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => FilterName.Parse(new string('a', 1000))).ExitCode);

    [Fact]
    public async Task The_project_has_the_names_everywhere_and_brings_its_packages()
    {
        Assert.Equal((0, ""), (await _cli.RunAsync("new", "filter", "acme.my-redact", "--output", _cli["project"]), _cli.Error));

        string[] expected =
        [
            ".gitignore", "Directory.Build.props", "README.md", "acme.my-redact.Tests/MyRedactFilterTests.cs", "acme.my-redact.Tests/acme.my-redact.Tests.csproj",
            "acme.my-redact.slnx", "acme.my-redact/MyRedactFilter.cs", "acme.my-redact/acme.my-redact.csproj", "node.conf", "nuget.config",
        ];
        Assert.Equal(expected, Texts().Keys);
        Assert.All(Texts().Values, text => Assert.DoesNotMatch("FilterProject|FilterNamespace|FilterClass|ROUTER_VERSION", text));
        Assert.Contains("namespace Acme.MyRedact;", Texts()["acme.my-redact/MyRedactFilter.cs"], StringComparison.Ordinal);
        Assert.Contains("plugins = [\"acme.my-redact/bin/acme.my-redact.dll\"]", Texts()["node.conf"], StringComparison.Ordinal);
        Assert.Contains("class = \"Acme.MyRedact.MyRedactFilter\"", Texts()["node.conf"], StringComparison.Ordinal);

        var version = Regex.Match(Texts()["Directory.Build.props"], "<MessageRouterVersion>(.+)</MessageRouterVersion>").Groups[1].Value;
        Assert.Equal([$"MessageRouter.{version}.nupkg", $"MessageRouter.TestKit.{version}.nupkg", $"MessageRouter.Testing.{version}.nupkg", $"MessageRouter.Zmtp.{version}.nupkg"], Names(_cli["project/packages"]));
    }

    [Fact]
    public async Task It_says_how_to_go_on()
    {
        await _cli.RunAsync("new", "filter", "redact", "--output", _cli["project"]);

        Assert.Equal("""
            project has the filter Redact.RedactFilter, its test, and a node that runs it. Go on with

              cd project
              dotnet build
              dotnet test
              echo '{"level":"error","message":"disk full"}' | message-router run node.conf

            """.ReplaceLineEndings(), _cli.Output);
    }

    [Fact]
    public async Task An_empty_folder_is_filled_and_one_with_files_stays_as_it_is()
    {
        Directory.CreateDirectory(_cli["project"]);

        Assert.Equal(0, await _cli.RunAsync("new", "filter", "redact", "--output", _cli["project"]));
        var before = Texts();
        Assert.Equal(ExitCode.Unavailable, await _cli.RunAsync("new", "filter", "other", "--output", _cli["project"] + "/"));

        Assert.Equal(before, Texts());
        Assert.Equal(["project"], Names(_cli["."]));
        Assert.Contains("error: `project/` is there already and not empty; name another folder with --output", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_leaves_nothing_behind()
    {
        _cli.Write("file", "mine");

        Assert.Equal(ExitCode.Unavailable, await _cli.RunAsync("new", "filter", "redact", "--output", _cli["file"]));
        Assert.Equal(ExitCode.Unavailable, await _cli.RunAsync("new", "filter", "redact", "--output", _cli["file/project"]));

        Assert.Equal(["file"], Names(_cli["."]));
        Assert.Contains("error: `file/project` cannot be written: ", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_for_dotnet_new_derives_names_in_the_same_way()
    {
        var template = File.ReadAllText(Repository.Repository.File("src/MessageRouter.Templates/filter/.template.config/template.json"));

        foreach (var pattern in (string[])["(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_]+", "^(.+?)(Filter)?$"])
        {
            Assert.Contains($"\"{pattern}\"", template, StringComparison.Ordinal);
            Assert.Contains($"\"{pattern}\"", File.ReadAllText(Repository.Repository.File("src/MessageRouter.Cli/Scaffolding/FilterName.cs")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_template_takes_the_versions_that_the_router_itself_is_tested_with()
    {
        var project = File.ReadAllText(Repository.Repository.File("src/MessageRouter.Templates/filter/FilterProject.Tests/FilterProject.Tests.csproj"));
        var versions = File.ReadAllText(Repository.Repository.File("Directory.Packages.props"));

        var pinned = Regex.Matches(project, """PackageReference (Include="[^"]+" Version="\d[^"]*")""").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, pinned.Count);
        Assert.All(pinned, package => Assert.Contains(package, versions, StringComparison.Ordinal));
    }

    /// <summary>The text files of the project, by their paths.</summary>
    private SortedDictionary<string, string> Texts()
    {
        var files = Directory.EnumerateFiles(_cli["project"], "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".nupkg", StringComparison.Ordinal));
        return new(files.ToDictionary(path => Path.GetRelativePath(_cli["project"], path), File.ReadAllText), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
