using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Formatting;

/// <summary>Writes a file anew, whole or not at all. Its mode stays, and a link stays one: what it leads to is written.</summary>
internal static class FileInPlace
{
    /// <exception cref="CommandException">It cannot be written; it is as it was.</exception>
    public static void Write(string name, string text)
    {
        var temporary = "";
        try
        {
            var path = DevicePath.Behind(Path.GetFullPath(name));
            if (DevicePath.Is(path) || FileKind.IsSpecial(path)) throw new IOException("it is no file; --stdin formats what comes through a pipe");

            // A rename would take a file that may not be written to all the same.
            using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
            }
            temporary = $"{path}.{Environment.ProcessId}.tmp";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options)) file.Write(Encoding.UTF8.GetBytes(text));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (temporary.Length > 0) File.Delete(temporary);
            throw CommandException.Unavailable($"`{name}` cannot be written: {exception.Message.TrimEnd('.')}");
        }
    }
}
