namespace MessageRouter.Tests.Repository;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string File(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "MessageRouter.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not run from within the repository.");
    }
}
