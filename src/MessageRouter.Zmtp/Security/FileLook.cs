namespace MessageRouter.Zmtp.Security;

/// <summary>
/// What files, and folders with theirs, look like from outside at one moment: two looks that are the same have the same content, unless something has changed
/// within the grain of a file system's clock, which <see cref="IsYoung"/> is for.
/// </summary>
/// <remarks>
/// Looking beats being told: notices of the system do not come from network drives, and tell nothing of what lies behind a symbolic link, by which Kubernetes exchanges a whole folder at once; of a file that
/// an editor moves into place they come for another name. So links are followed to their end, network drives are asked anew, and a file that was moved here in place of another is told from it by its number,
/// however old and large it is.
/// </remarks>
internal sealed class FileLook
{
    /// <summary>Network drives and old file systems write times in steps of up to two seconds.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(3);

    private readonly List<Entry> _entries = [];

    private FileLook()
    {
    }

    /// <summary>Whether something is so new that it may have been changed again without looking different.</summary>
    public bool IsYoung
    {
        get
        {
            var now = TimeProvider.System.GetUtcNow().Ticks;
            return _entries.Any(entry => Math.Abs(now - entry.State.Changed) < Grain.Ticks);
        }
    }

    public static FileLook At(IReadOnlyList<string> paths)
    {
        var look = new FileLook();
        foreach (var path in paths) look.AddWithFiles(path);
        look._entries.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return look;
    }

    public bool Same(FileLook other) => _entries.SequenceEqual(other._entries);

    private void AddWithFiles(string path)
    {
        try
        {
            Add(path);
            if (!Directory.Exists(path)) return;
            foreach (var file in Directory.EnumerateFileSystemEntries(path)) Add(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at is said by who reads it.
            _entries.Add(new Entry($"{path}: {exception.GetType().Name}", default));
        }
    }

    private void Add(string path) => _entries.Add(new Entry(path, FileKind.StateOf(path) ?? OfOtherSystems(path)));

    /// <summary>What .NET tells everywhere.</summary>
    private static FileState OfOtherSystems(string path)
    {
        FileSystemInfo info = new FileInfo(path);
        info = info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
        if (!info.Exists) return default;
        return new FileState(0, 0, info is FileInfo { Exists: true } file ? file.Length : -1, OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode, Math.Max(info.CreationTimeUtc.Ticks, info.LastWriteTimeUtc.Ticks), info.LastWriteTimeUtc.Ticks);
    }

    private readonly record struct Entry(string Path, FileState State);
}
