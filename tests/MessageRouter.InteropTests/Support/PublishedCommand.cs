using System.Runtime.InteropServices;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// The command as it is handed out, made once for all tests that need it: from the sources alone, in a folder of their own, so that
/// no build beside it is disturbed.
/// </summary>
internal static class PublishedCommand
{
    private static readonly string[] Sources = ["src", "hocon", "docs", "Directory.Build.props", "Directory.Packages.props", "global.json", "README.md", "CHANGELOG.md"];

    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    private static readonly Lazy<Task<string>> PublishedForArm64 = new(PublishForArm64Async);

    /// <summary>The folder <c>artifacts</c> with the single file, the Debian package, the container's image and the tool's packages.</summary>
    public static Task<string> ArtifactsAsync()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "It is made for Linux on x64.");
        return Published.Value;
    }

    /// <summary>The folder <c>artifacts</c> with the single file for Arm and the Debian package, both made twice there.</summary>
    public static Task<string> Arm64ArtifactsAsync() => PublishedForArm64.Value;

    private static async Task<string> PublishForArm64Async()
    {
        var files = SourcesAlone();
        for (var time = 0; time < 2; time++) await Dotnet(files, "publish", "src/MessageRouter.Cli", "--runtime", "linux-arm64", "-p:PublishSingleFile=true", "-t:PackDebian");
        return files["sources/artifacts"];
    }

    private static async Task<string> PublishAsync()
    {
        var files = SourcesAlone();

        using var registry = new OciRegistry(await Libraries());
        await Dotnet(files, "publish", "src/MessageRouter.Cli", "--runtime", "linux-x64", "-p:PublishSingleFile=true", "-t:PackDebian;PublishContainer", $"-p:ContainerBaseImage={registry.Image}");
        await Dotnet(files, "pack", "src/MessageRouter.Cli", "-p:ToolPlatforms=\"linux-x64;any\"", "--output", "artifacts");
        return files["sources/artifacts"];

        // What `dotnet` itself is linked with is what the single file is, besides the cryptography that it loads when it starts.
        async Task<IReadOnlyList<string>> Libraries()
        {
            await using var list = new Peer(files.Path, "sh", ["-c", "ldd $(command -v dotnet); ldconfig -p | grep -E 'lib(ssl|crypto)\\.so\\.[0-9]|lib(dl|pthread|rt|m)\\.so\\.[0-9]' | grep x86-64"]);
            await list.Exits();
            return [.. list.Output.Lines.Select(line => line[(line.LastIndexOf("=> ", StringComparison.Ordinal) + 1)..].TrimStart('>', ' ', '\t').Split(' ')[0]).Where(path => path.StartsWith('/')).Distinct()];
        }
    }

    private static TemporaryDirectory SourcesAlone()
    {
        var files = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => files.Dispose();
        foreach (var source in Sources) Copy(Repository.File(source), files[$"sources/{source}"]);
        return files;
    }

    private static async Task Dotnet(TemporaryDirectory files, params string[] arguments)
    {
        await using var command = new DotnetCommand(files.Path, files["sources"], [.. arguments, "-p:RunAnalyzers=false"]);
        await command.Succeeds();
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).Where(entry => Path.GetFileName(entry) is not ("bin" or "obj"))) Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
    }
}
