using System.Security;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Configuration.Secrets;

/// <summary>A secret in a file that nobody but its owner may read.</summary>
internal static class SecretFile
{
    /// <summary>A file may be a pipe to which nobody writes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="path">Where it is.</param>
    /// <param name="shown">The same for people.</param>
    /// <exception cref="SecretException">It cannot be read, or others may read it.</exception>
    public static string Read(string path, string shown)
    {
        string? text = null;
        Exception? problem = null;
        var inTime = Bounded.Run(
            () =>
            {
                try
                {
                    using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    if (FileSecrecy.IsOthers(file.SafeFileHandle))
                        throw new SecretException($"others than its owner may read or change `{shown}`", $"chmod 600 {shown}");
                    text = SecretContent.Read(file, $"`{shown}`");
                }
                catch (Exception exception)
                {
                    problem = exception;
                }
            },
            Patience);
        if (!inTime) throw new SecretException($"`{shown}` was not read within {Patience.TotalSeconds:0} s", "name a file, not a pipe that nobody writes to");
        return problem switch
        {
            null => text!,
            SecretException => throw problem,
            FileNotFoundException or DirectoryNotFoundException => throw new SecretException($"there is no file `{shown}`", "paths are relative to the file that names them"),
            UnauthorizedAccessException when Directory.Exists(path) => throw new SecretException($"`{shown}` is a folder"),
            IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException => throw new SecretException($"`{shown}` cannot be read: {problem.Message}"),
            _ => throw problem,
        };
    }
}
