using System.IO.Compression;

namespace MessageRouter.InteropTests;

/// <summary>Where a package says that its sources are, as the targets of the product's packages have it of a repository.</summary>
public sealed class SourceLinkTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>The remote, the address that is given to the build, the address in the package, and where a debugger finds files.</summary>
    public static TheoryData<string?, string?, string, string?> Remotes => new()
    {
        { "https://github.com/x/y.git", null, "https://github.com/x/y.git", $"https://raw.githubusercontent.com/x/y/{Commit}/*" },
        { "git@github.com:x/y.git", null, "https://github.com/x/y.git", $"https://raw.githubusercontent.com/x/y/{Commit}/*" },
        { "https://gitlab.com/x/y.git", null, "https://gitlab.com/x/y.git", $"https://gitlab.com/x/y/-/raw/{Commit}/*" },
        { "https://example.com:8443/x/y.git", null, "https://example.com:8443/x/y.git", $"https://example.com:8443/x/y/raw/{Commit}/*" },
        { "git@example.com:x/y.git", null, "https://example.com/x/y.git", $"https://example.com/x/y/raw/{Commit}/*" },
        { "ssh://git@example.com:2222/x/y.git", null, "https://example.com/x/y.git", $"https://example.com/x/y/raw/{Commit}/*" },
        { null, null, "", null },
        { "/srv/y", null, "", null },
        { null, "https://github.com/x/y", "https://github.com/x/y", $"https://raw.githubusercontent.com/x/y/{Commit}/*" },
        { "/srv/y", "https://example.com/x/y", "https://example.com/x/y", $"https://example.com/x/y/raw/{Commit}/*" },
    };

    [SkippableTheory]
    [MemberData(nameof(Remotes))]
    public async Task A_package_says_where_its_sources_are_if_that_is_known_and_never_a_folder_of_the_machine(string? remote, string? given, string address, string? sources)
    {
        Clone(remote);
        string[] arguments = given is null ? [] : [$"-p:RepositoryUrl={given}"];

        var build = Started(new DotnetCommand(Files.Path, Files["lib"], ["msbuild", "-nologo", "-warnaserror", "-t:PrepareForBuild;GenerateSourceLinkFile", "-getProperty:PrivateRepositoryUrl,SourceRevisionId", .. arguments]));
        await build.Succeeds();

        var said = System.Text.Json.JsonDocument.Parse(string.Concat(build.Output.Lines)).RootElement.GetProperty("Properties");
        Assert.Equal((address, Commit), (said.GetProperty("PrivateRepositoryUrl").GetString(), said.GetProperty("SourceRevisionId").GetString()));
        Assert.Equal(sources is null ? null : $$$"""{"documents":{"{{{Files.Path}}}/*":"{{{sources}}}"}}""", Links());
    }

    [SkippableFact]
    public async Task The_address_and_the_commit_are_in_the_packages_description()
    {
        Clone("https://example.com/x/y.git");
        Files.Write("lib/Some.cs", "public sealed class Some;");

        await Started(new DotnetCommand(Files.Path, Files["lib"], "pack", "-warnaserror", "--output", Files["packed"])).Succeeds();

        using var package = ZipFile.OpenRead(Directory.GetFiles(Files["packed"], "*.nupkg").Single());
        using var description = new StreamReader(package.Entries.Single(entry => entry.Name == "lib.nuspec").Open());
        Assert.Contains($"""<repository type="git" url="https://example.com/x/y.git" branch="refs/heads/main" commit="{Commit}" />""", await description.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>A project with the targets of the product's, in a repository of one commit.</summary>
    private void Clone(string? remote)
    {
        Files.Write(".git/HEAD", "ref: refs/heads/main\n");
        Files.Write(".git/refs/heads/main", $"{Commit}\n");
        Files.Write(".git/objects/info/packs", "\n");
        Files.Write(".git/config", $"[core]\n\trepositoryformatversion = 0\n{(remote is null ? "" : $"[remote \"origin\"]\n\turl = {remote}\n")}");
        Files.Write("lib/lib.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <PublishRepositoryUrl>true</PublishRepositoryUrl>
                <PackageReadmeFile>README.md</PackageReadmeFile>
              </PropertyGroup>
              <ItemGroup><None Include="README.md" Pack="true" PackagePath="/" /></ItemGroup>
              <Import Project="{Repository.File("src/Directory.Build.targets")}" />
            </Project>
            """);
        Files.Write("lib/README.md", "Some.");
    }

    private string? Links() => Directory.GetFiles(Files["lib/obj"], "*.sourcelink.json", SearchOption.AllDirectories).Select(File.ReadAllText).SingleOrDefault();
}
