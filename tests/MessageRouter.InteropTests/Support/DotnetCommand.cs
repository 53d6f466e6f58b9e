namespace MessageRouter.InteropTests.Support;

/// <summary>
/// The .NET SDK with packages of the test's own, so that neither sees what the other has restored; what this machine has
/// fetched already need not come over the network again. It leaves no process behind.
/// </summary>
internal sealed class DotnetCommand(string home, string folder, params IEnumerable<string> arguments) : Peer(folder, "dotnet", arguments, Surroundings(home))
{
    // Compiling all that the command consists of takes minutes where two cores are shared: the limit is for what hangs, not for what is slow.
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(20);

    private static string Fetched => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The environment of whatever runs the SDK. What is packed in it is only tried, and need not be small.</summary>
    public static (string Name, string Value)[] Surroundings(string home) =>
    [
        ("NUGET_PACKAGES", Path.Combine(home, "nuget")), ("NUGET_FALLBACK_PACKAGES", Fetched),
        ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DPKG_DEB_COMPRESSOR_LEVEL", "1"),
    ];

    public async Task Succeeds() => Assert.True(await Exits(LongPatience) == 0, Describe());
}
