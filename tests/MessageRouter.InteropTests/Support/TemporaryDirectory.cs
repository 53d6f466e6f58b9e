namespace MessageRouter.InteropTests.Support;

/// <summary>A folder for one test; gone with it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("message-router-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The complete lines of a file that may still be written to; none while it is not there.</summary>
    public IEnumerable<string> Lines(string name)
    {
        if (!File.Exists(this[name]))
        {
            yield break;
        }

        using var file = new FileStream(this[name], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    public long Size(string name) => File.Exists(this[name]) ? new FileInfo(this[name]).Length : 0;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
