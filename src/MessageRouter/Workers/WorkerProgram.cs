using System.Reflection;

namespace MessageRouter.Workers;

/// <summary>Finds the program that a command names.</summary>
internal static class WorkerProgram
{
    /// <summary>The name by which a command means the tool that is running.</summary>
    private const string Self = "message-router";

    /// <summary>The command with the full path of its program.</summary>
    /// <exception cref="WorkerStartException">There is no such program, or no such directory to start it in.</exception>
    public static IReadOnlyList<string> Resolve(WorkerGroupDefinition group)
    {
        if (!Directory.Exists(group.Directory)) throw new WorkerStartException(group, $"there is no directory `{group.Directory}`") { Place = group.DirectoryOrigin };
        var name = group.Command[0];
        var arguments = group.Command.Skip(1);
        if (Path.IsPathRooted(name))
        {
            if (!File.Exists(name)) throw new WorkerStartException(group, $"there is no file `{name}`");
            if (!IsExecutable(name)) throw new WorkerStartException(group, $"`{name}` may not be executed");
            return [name, .. arguments];
        }
        if (name == Self && RunningTool() is { Count: > 0 } tool) return [.. tool, .. arguments];
        return Find(name, group.Environment.GetValueOrDefault("PATH")) is { } found
            ? [found, .. arguments]
            : throw new WorkerStartException(group, $"there is no program `{name}` in PATH");
    }

    /// <summary>Looks a program up in a search path; null for the one that the node has.</summary>
    public static string? Find(string name, string? searchPath = null) =>
        (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Candidates(folder, name))
            .FirstOrDefault(path => File.Exists(path) && IsExecutable(path));

    /// <summary>How the running tool was started, wherever it is installed; empty within another program.</summary>
    private static IReadOnlyList<string> RunningTool()
    {
        if (Assembly.GetEntryAssembly() is not { } entry || entry.GetName().Name != Self || Environment.ProcessPath is not { } program) return [];
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.Combine(AppContext.BaseDirectory, $"{Self}.dll")] : [program];
    }

    private static IEnumerable<string> Candidates(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return OperatingSystem.IsWindows() ? [path, path + ".exe"] : [path];
    }

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
