using System.Reflection;

namespace MessageRouter.InteropTests;

/// <summary>The first minutes of whoever writes a filter: from an empty folder to a node that runs it.</summary>
public sealed class NewFilterTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableFact]
    public async Task A_new_filters_project_builds_passes_its_test_and_runs_in_a_node()
    {
        await NewFilter("Acme.Redact");
        await Dotnet("Acme.Redact", "build", "-warnaserror");
        await Dotnet("Acme.Redact", "test", "--no-build");
        var node = MessageRouter("run", "Acme.Redact/node.conf", "--summary-file", "ledger.json");

        await node.WriteAsync("""{"level":"info","message":"all is well"}""", """{"level":"error","message":"disk full"}""");
        node.EndInput();
        await node.Ends();

        Assert.Equal(["""{"level":"error","message":"disk full","worker":"RedactFilter"}"""], node.Output.Lines);
    }

    [SkippableFact]
    public async Task Dotnet_new_writes_the_same_project()
    {
        var configuration = typeof(NewFilterTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        await Dotnet(".", "pack", Repository.File("src/MessageRouter.Templates"), "--no-build", "--configuration", configuration, "--output", Files.Path);
        var package = Assert.Single(Directory.GetFiles(Files.Path, "MessageRouter.Templates.*.nupkg"));
        string[] hive = ["--debug:custom-hive", Files["hive"]];

        await Dotnet(".", ["new", "install", package, .. hive]);
        foreach (var name in (string[])["my-filter", "acme.HTTPCheck"])
        {
            await Dotnet(".", ["new", "messagerouter-filter", "--name", name, "--output", $"theirs/{name}", .. hive]);

            // Of the same build as the package: each has a version of its own.
            await Dotnet(".", RouterProcess.BuiltCommand, "new", "filter", name, "--output", $"ours/{name}");
        }

        Assert.Equal(Contents("ours"), Contents("theirs"));
    }

    private Task Dotnet(string folder, params IEnumerable<string> arguments) =>
        Started(new DotnetCommand(Files.Path, Files[folder], arguments)).Succeeds();

    private async Task NewFilter(params IEnumerable<string> arguments)
    {
        var command = MessageRouter(["new", "filter", .. arguments]);
        Assert.True(await command.Exits() == 0, command.Describe());
    }

    private SortedDictionary<string, string> Contents(string folder)
    {
        var files = Directory.GetFiles(Files[folder], "*", SearchOption.AllDirectories);
        return new(files.ToDictionary(path => Path.GetRelativePath(Files[folder], path), path => Convert.ToHexString(File.ReadAllBytes(path))), StringComparer.Ordinal);
    }
}
