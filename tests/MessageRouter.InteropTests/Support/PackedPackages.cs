using System.Reflection;
using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>The libraries of the product as packages, packed once for all tests that need them.</summary>
internal static class PackedPackages
{
    public static readonly string[] Names = ["MessageRouter.Zmtp", "MessageRouter", "MessageRouter.CSharp", "MessageRouter.NetMq", "MessageRouter.TestKit", "MessageRouter.Client", "MessageRouter.Extensions.Logging", "Serilog.Sinks.MessageRouter", "NLog.Targets.MessageRouter"];

    /// <summary>No other build has it: NuGet keeps what it has once seen of a version.</summary>
    public static readonly string Version = $"0.0.0-test.{Environment.ProcessId}.{Environment.TickCount64}";

    private static readonly Lazy<Task<string>> Packed = new(PackAsync);

    /// <summary>The folder that has them.</summary>
    public static Task<string> FolderAsync() => Packed.Value;

    private static async Task<string> PackAsync()
    {
        var files = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => files.Dispose();
        files.Write("libraries.slnf", JsonSerializer.Serialize(new
        {
            solution = new { path = Repository.File("MessageRouter.sln"), projects = Names.Select(name => $"src\\{name}\\{name}.csproj") },
        }));
        var configuration = typeof(PackedPackages).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        await using var pack = new DotnetCommand(files.Path, files.Path,
            "pack", "libraries.slnf", "--no-build", "--configuration", configuration, "--output", files["packages"], $"-p:PackageVersion={Version}", "-warnaserror");
        await pack.Succeeds();
        return files["packages"];
    }
}
