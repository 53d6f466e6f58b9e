namespace MessageRouter.Cli.Testing;

/// <summary>What files and folders are like at one moment, and finds out what of that changes.</summary>
internal sealed class FileStamp(IEnumerable<string> paths)
{
    /// <summary>How often it is looked; a notice of the system would come no sooner for who edits, and not at all on many network drives.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, string> _stamps = paths.Distinct().ToDictionary(path => path, Of);

    /// <summary>Looks at these too from now on.</summary>
    public void Add(IEnumerable<string> paths)
    {
        foreach (var path in paths) _stamps.TryAdd(path, Of(path));
    }

    /// <summary>Waits until nothing has changed for a moment: what is being written is not whole yet. What has changed by then is no change any more.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            await Task.Delay(Step, cancellation);
            var changed = _stamps.Where(stamp => Of(stamp.Key) != stamp.Value).Select(stamp => stamp.Key).ToList();
            foreach (var path in changed) _stamps[path] = Of(path);
            isQuiet = changed.Count == 0;
        }
    }

    /// <returns>The first that is found to have changed.</returns>
    public async Task<string> ChangedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Step, cancellation);
            if (_stamps.FirstOrDefault(stamp => Of(stamp.Key) != stamp.Value).Key is { } changed) return changed;
        }
    }

    private static string Of(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists) return FormattableString.Invariant($"{file.LastWriteTimeUtc.Ticks} {file.Length}");
        return Directory.Exists(path) ? string.Join('\n', Directory.GetFiles(path, "*.conf").Order(StringComparer.Ordinal)) : "";
    }
}
