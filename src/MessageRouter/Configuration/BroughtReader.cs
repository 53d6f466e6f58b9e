using System.Text.Json;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Reloading;

namespace MessageRouter.Configuration;

/// <summary>Reads files that are brought to a node as if they were its own: paths begin where those of its first file do, and what is over that is over them.</summary>
internal static class BroughtReader
{
    private const string NoIncludes = "a configuration that is brought to a node includes nothing";

    private const string InsteadOfIncludes = "give what is included as a FILE of its own, before this one";

    /// <param name="brought">What is brought.</param>
    /// <param name="ownFiles">The files that the node was started with.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="texts">What is over files in this node.</param>
    public static HoconDocument Read(BroughtConfiguration brought, IReadOnlyList<string> ownFiles, HoconReaderOptions options, params IEnumerable<SourceText> texts)
    {
        var folder = Directory.Exists(ownFiles[0]) ? ownFiles[0] : SourceText.DirectoryOf(ownFiles[0]);
        var files = brought.Files.Select(file => new SourceText(file.Name, file.Text) { Folder = folder });
        var name = $"router.name={JsonSerializer.Serialize(brought.Own.Name)}";
        return HoconReader.ReadFiles([], options with { Overrides = [.. options.Overrides, name], RefusesIncludes = (NoIncludes, InsteadOfIncludes) }, [.. files, .. texts])
            with { Files = [.. brought.Files.Select(file => $"{file.Name} (from {brought.From})")] };
    }
}
