namespace MessageRouter.Benchmarks;

/// <summary>The repository that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of it.</summary>
    public static string File(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "MessageRouter.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The benchmark does not stand in the repository.");
        return folder;
    }
}
