namespace MessageRouter.Configuration;

/// <summary>Paths that are relative to the file that names them, wherever the node is started from.</summary>
internal static class BesideFile
{
    /// <returns>The full path.</returns>
    public static string Of(string path, SourceSpan span) => Path.GetFullPath(Path.Combine(span.Source.Directory, path), Environment.CurrentDirectory);
}
