using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Tapping;

/// <summary>A file to which messages are appended, a line of JSON each; for its owner only, since they may have secrets.</summary>
internal sealed class Recording : IDisposable
{
    private readonly StreamWriter _file;
    private readonly string _path;

    private Recording(StreamWriter file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <exception cref="CommandException">It cannot be written.</exception>
    public static Recording To(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new Recording(new StreamWriter(path, options) { AutoFlush = true, NewLine = "\n" }, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Failed(path, exception);
        }
    }

    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Add(string json)
    {
        try
        {
            _file.WriteLine(json);
        }
        catch (IOException exception)
        {
            throw Failed(_path, exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static CommandException Failed(string path, Exception exception) => CommandException.Unavailable($"the file `{SafeText.Of(path)}` cannot be written: {exception.Message.TrimEnd('.')}.");
}
