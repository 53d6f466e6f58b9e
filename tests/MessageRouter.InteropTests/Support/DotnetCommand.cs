using System.Diagnostics;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// The .NET SDK with packages of the test's own, so that neither sees what the other has restored; what this machine has
/// fetched already need not come over the network again. All of them share one compiler, which ends with the tests: each of its own takes twice as long.
/// </summary>
internal sealed class DotnetCommand(string home, string folder, params IEnumerable<string> arguments) : Peer(folder, "dotnet", arguments, Surroundings(home))
{
    // Compiling all that the command consists of takes minutes where two cores are shared: the limit is for what hangs, not for what is slow.
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(20);

    /// <summary>Only these tests have it; a compiler's server is found by its name.</summary>
    private static readonly string Compiler = $"message-router-tests-{Environment.ProcessId}";

    static DotnetCommand() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndCompilers();

    private static string Fetched => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The environment of whatever runs the SDK. What is packed in it is only tried, and need not be small.</summary>
    public static (string Name, string Value)[] Surroundings(string home) =>
    [
        ("NUGET_PACKAGES", Path.Combine(home, "nuget")), ("NUGET_FALLBACK_PACKAGES", Fetched),
        ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "true"), ("SharedCompilationId", Compiler), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DPKG_DEB_COMPRESSOR_LEVEL", "1"),
    ];

    public async Task Succeeds() => Assert.True(await Exits(LongPatience) == 0, Describe());

    private static void EndCompilers()
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (CommandLine(process).Contains($"-pipename:{Compiler}", StringComparison.Ordinal)) process.Kill();
            }
        }
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
