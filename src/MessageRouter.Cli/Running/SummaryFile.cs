using System.Text;
using MessageRouter.Components;
using MessageRouter.Routing;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Running;

/// <summary>The file that gets the final ledger: written whole or not at all.</summary>
internal sealed class SummaryFile
{
    private readonly string _shown;
    private readonly string _path;

    private SummaryFile(string shown, string path)
    {
        _shown = shown;
        _path = path;
    }

    private string Temporary => $"{_path}.{Environment.ProcessId}.tmp";

    /// <summary>Whether it is a device or pipe, which is written to: put in its place, a file would take it from everybody.</summary>
    public bool IsDevice => DevicePath.Is(_path) || FileKind.IsSpecial(_path);

    /// <summary>Finds out whether the file can be written, before anything is started.</summary>
    /// <param name="path">The file.</param>
    /// <param name="node">The node whose ledger it gets: none of what that reads and writes is to be replaced by it.</param>
    /// <exception cref="CommandException">It cannot.</exception>
    public static SummaryFile At(string path, NodeDefinition node)
    {
        try
        {
            var full = Path.GetFullPath(path);
            var file = new SummaryFile(path, DevicePath.Behind(full));
            if (OthersOf(node).FirstOrDefault(other => other.Path == file._path).What is { } what) throw new IOException($"it is {what}; give it a file of its own");
            if (Directory.Exists(file._path)) throw new IOException("it is a directory");
            if (file.IsDevice) return file;
            File.WriteAllText(file.Temporary, "");
            File.Delete(file.Temporary);
            return file;
        }
        catch (DirectoryNotFoundException)
        {
            throw CommandException.Unavailable($"the summary file `{path}` cannot be written: there is no such directory; nothing was started.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandException.Unavailable($"the summary file `{path}` cannot be written: {exception.Message.TrimEnd('.')}; nothing was started.");
        }
    }

    private static IEnumerable<(string? Path, string What)> OthersOf(NodeDefinition node) =>
        node.Files.Select(file => (DevicePath.TryBehind(Path.GetFullPath(file)), "a file of the configuration"))
            .Concat(
                from component in node.Components
                from address in (component.Options as IOwnsAddresses)?.OwnedAddresses ?? []
                where address.Scheme == "file"
                select ((string?)address.Host, $"what {component} writes"));

    /// <summary>At the end of what is in it already. The standard streams are shared with the shell that has opened them, and so is where they have got to.</summary>
    private Stream Open() => DevicePath.Standard(_path) switch
    {
        1 => StandardStreams.Instance.OpenOutput(),
        2 => StandardStreams.Instance.OpenError(),
        _ => new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0),
    };

    /// <summary>Writes the file.</summary>
    /// <param name="json">What is to be in it.</param>
    /// <param name="limit">How long that may take: a pipe may have no reader, a file system not answer.</param>
    /// <returns>What went wrong; null where nothing did.</returns>
    public string? Write(string json, TimeSpan limit)
    {
        string? problem = null;
        return Bounded.Run(() => problem = Write(json), limit)
            ? problem
            : $"the summary file `{_shown}` could not be written in time: {(IsDevice ? "nobody reads it" : "its file system does not answer")}.";
    }

    private string? Write(string json)
    {
        try
        {
            if (IsDevice)
            {
                using var device = Open();
                device.Write(Encoding.UTF8.GetBytes(json + "\n"));
                return null;
            }
            File.WriteAllText(Temporary, json + "\n");
            File.Move(Temporary, _path, overwrite: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the summary file `{_shown}` could not be written: {exception.Message}";
        }
    }
}
