namespace MessageRouter.Benchmarks.Route;

/// <summary>This program, whose other roles are processes of their own.</summary>
internal static class Self
{
    /// <summary>The command that runs it.</summary>
    public static IReadOnlyList<string> Command { get; } = ["dotnet", typeof(Self).Assembly.Location];

    /// <summary>A file that comes with it.</summary>
    public static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);
}
