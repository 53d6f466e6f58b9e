using System.IO.Compression;
using System.Text;

namespace MessageRouter.Cli.Scaffolding;

/// <summary>Writes the project of a new filter from the template that <c>dotnet new messagerouter-filter</c> has too.</summary>
internal static class FilterProject
{
    private const string ForDotnetNew = ".template.config/", Packages = "packages/";

    /// <summary>Writes all of the project, or nothing.</summary>
    /// <exception cref="CommandException">The folder cannot be written, or has something in it.</exception>
    public static void Write(FilterName name, string folder)
    {
        var target = Path.GetFullPath(folder);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw CommandException.Unavailable($"`{folder}` is there already and not empty; name another folder with --output");
        var isNew = !Directory.Exists(target);

        // Beside it, where a move is a change of names.
        var draft = $"{Path.TrimEndingDirectorySeparator(target)}.{Path.GetRandomFileName()}";
        try
        {
            Fill(draft, name);
            if (isNew) Directory.Move(draft, target);
            else MoveContent(draft, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Unavailable($"`{folder}` cannot be written: {exception.Message.TrimEnd('.')}");
        }
        finally
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        }
    }

    private static void Fill(string folder, FilterName name)
    {
        using var template = new ZipArchive(typeof(FilterProject).Assembly.GetManifestResourceStream("filter.zip")!);
        foreach (var entry in template.Entries.Where(entry => !entry.FullName.StartsWith(ForDotnetNew, StringComparison.Ordinal)))
        {
            var file = Path.Combine(folder, Named(entry.FullName, name));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (entry.FullName.StartsWith(Packages, StringComparison.Ordinal))
            {
                entry.ExtractToFile(file);
                continue;
            }
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            File.WriteAllText(file, Named(reader.ReadToEnd(), name));
        }
    }

    private static void MoveContent(string draft, string target)
    {
        foreach (var directory in Directory.GetDirectories(draft)) Directory.Move(directory, Path.Combine(target, Path.GetFileName(directory)));
        foreach (var file in Directory.GetFiles(draft)) File.Move(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private static string Named(string text, FilterName name) => text
        .Replace("FilterProject", name.Project, StringComparison.Ordinal)
        .Replace("FilterNamespace", name.Namespace, StringComparison.Ordinal)
        .Replace("FilterClass", name.Class, StringComparison.Ordinal);
}
