using System.Reflection;
using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>The product as packages, packed once for all tests that need them.</summary>
internal static class PackedPackages
{
    /// <summary>The libraries.</summary>
    public static readonly string[] Names = ["MessageRouter.Zmtp", "MessageRouter.Curve", "MessageRouter", "MessageRouter.CSharp", "MessageRouter.NetMq", "MessageRouter.Control", "MessageRouter.Cluster", "MessageRouter.Testing", "MessageRouter.TestKit", "MessageRouter.Client", "MessageRouter.Extensions.Logging", "Serilog.Sinks.MessageRouter", "NLog.Targets.MessageRouter"];

    /// <summary>
    /// No other build has it: NuGet keeps what it has once seen of a version. It is higher than any that is published, since
    /// <c>dotnet add package</c> takes the highest.
    /// </summary>
    public static readonly string Version = $"9999.0.{Environment.ProcessId}.{Environment.TickCount64 & int.MaxValue}";

    private static readonly Lazy<Task<string>> Packed = new(PackAsync);

    /// <summary>The folder that has them.</summary>
    public static Task<string> FolderAsync() => Packed.Value;

    private static async Task<string> PackAsync()
    {
        var files = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => files.Dispose();
        files.Write("packages.slnf", JsonSerializer.Serialize(new
        {
            solution = new { path = Repository.File("MessageRouter.sln"), projects = Names.Concat(["MessageRouter.Cli", "MessageRouter.Templates"]).Select(name => $"src\\{name}\\{name}.csproj") },
        }));
        var configuration = typeof(PackedPackages).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        await using var pack = new DotnetCommand(files.Path, files.Path,
            "pack", "packages.slnf", "--no-build", "--configuration", configuration, "--output", files["packages"], $"-p:PackageVersion={Version}", "-warnaserror");
        await pack.Succeeds();
        return files["packages"];
    }
}
