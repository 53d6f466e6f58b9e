namespace MessageRouter;

/// <summary>Tells paths of files from those of devices and of what a process has open, such as <c>/dev/stdin</c> or a shell's <c>&lt;(…)</c>.</summary>
internal static class DevicePath
{
    /// <summary>As in Linux.</summary>
    private const int MostLinks = 40;

    public static bool Is(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>
    /// What is to be written where a path is meant that may be a link: a link stays one. What the process has open looks like links to it, such as
    /// <c>/dev/stdout</c> to the file that a shell has opened; those are not followed, since others write there too.
    /// </summary>
    /// <param name="path">A whole path.</param>
    /// <exception cref="IOException">The links go round.</exception>
    public static string Behind(string path)
    {
        for (var links = 0; !Is(path) && new FileInfo(path).LinkTarget is { } target; links++)
        {
            if (links == MostLinks) throw new IOException("its links lead nowhere");
            path = Path.GetFullPath(target, Path.GetDirectoryName(path)!);
        }
        return path;
    }

    /// <returns>The same; null where that cannot be found out.</returns>
    public static string? TryBehind(string path)
    {
        try
        {
            return Behind(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The descriptor of one of the two standard streams that are written; null for any other path.</summary>
    public static int? Standard(string path) => path switch
    {
        "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" => 1,
        "/dev/stderr" or "/dev/fd/2" or "/proc/self/fd/2" => 2,
        _ => null,
    };
}
