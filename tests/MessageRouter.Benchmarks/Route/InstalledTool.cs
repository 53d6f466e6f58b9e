using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The router as <c>dotnet tool install</c> brings it: the package for machines such as this one.</summary>
internal static class InstalledTool
{
    /// <summary>Packs and installs it below the folder <c>artifacts</c> of the repository.</summary>
    /// <returns>The program.</returns>
    public static string Make()
    {
        var (packages, tools) = (Repository.File("artifacts/tool-packages"), Repository.File("artifacts/tools"));
        foreach (var folder in new[] { packages, tools })
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }

        // A version of its own: packages that were installed once are kept by their version.
        var version = $"0.0.1-benchmark.{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        Dotnet("pack", Repository.File("src/MessageRouter.Cli"), $"-p:ToolPlatforms={RuntimeInformation.RuntimeIdentifier}", $"-p:Version={version}", "--output", packages, "--verbosity", "quiet", "--nologo");
        Dotnet("tool", "install", "MessageRouter.Cli", "--version", version, "--tool-path", tools, "--source", packages, "--verbosity", "quiet");
        return Path.Combine(tools, "message-router");
    }

    private static void Dotnet(params string[] arguments)
    {
        using var process = Process.Start("dotnet", arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"dotnet {arguments[0]} failed.");
    }
}
