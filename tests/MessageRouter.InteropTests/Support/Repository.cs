namespace MessageRouter.InteropTests.Support;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    public static string File(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder!.FullName, "MessageRouter.sln"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, path);
    }
}
