using System.Diagnostics;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The router as it is published.</summary>
internal static class PublishedTool
{
    /// <summary>Publishes it, compiled ahead of time, below the folder <c>artifacts</c> of the repository.</summary>
    /// <returns>The program.</returns>
    public static string Make()
    {
        var root = Root();
        var folder = Path.Combine(root, "artifacts", "message-router");
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(root, "src", "MessageRouter.Cli"), "--configuration", "Release", "--use-current-runtime", "--self-contained", "false",
             "-p:PublishReadyToRun=true", "--output", folder, "--verbosity", "quiet", "--nologo"]))!;
        publish.WaitForExit();
        return publish.ExitCode == 0 ? Path.Combine(folder, "message-router") : throw new InvalidOperationException("The router cannot be published.");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MessageRouter.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The benchmark does not stand in the repository.");
        return folder;
    }
}
