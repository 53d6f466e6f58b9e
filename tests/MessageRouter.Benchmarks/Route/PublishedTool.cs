using System.Diagnostics;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The router as it is published.</summary>
internal static class PublishedTool
{
    /// <summary>Publishes it, compiled ahead of time, below the folder <c>artifacts</c> of the repository.</summary>
    /// <returns>The program.</returns>
    public static string Make()
    {
        var folder = Repository.File("artifacts/message-router");
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", Repository.File("src/MessageRouter.Cli"), "--configuration", "Release", "--use-current-runtime", "--self-contained", "false",
             "--output", folder, "--verbosity", "quiet", "--nologo"]))!;
        publish.WaitForExit();
        return publish.ExitCode == 0 ? Path.Combine(folder, "message-router") : throw new InvalidOperationException("The router cannot be published.");
    }
}
