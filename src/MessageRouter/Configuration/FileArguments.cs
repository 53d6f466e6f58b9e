using System.Security;

namespace MessageRouter.Configuration;

/// <summary>The files that are given to be read: a folder stands for those in it.</summary>
internal static class FileArguments
{
    private const string Pattern = "*.conf";

    /// <summary>Each folder's <c>*.conf</c> in the order of their names, compared character by character, in its place. What begins with a dot is left out, as shells do.</summary>
    /// <exception cref="ConfigurationException">A folder has none, or cannot be read.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> paths)
    {
        var problems = new List<Diagnostic>();
        List<string> files = [.. paths.SelectMany(path => Directory.Exists(path) ? FilesOf(path, problems) : [path])];
        return problems.Count == 0 ? files : throw new ConfigurationException(problems);
    }

    private static IReadOnlyList<string> FilesOf(string folder, List<Diagnostic> problems)
    {
        try
        {
            IReadOnlyList<string> files = [.. Directory.GetFiles(folder, Pattern).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)];
            if (files.Count == 0) Report($"the folder `{folder}` has no {Pattern}", $"put the node's files there, such as 10-inputs.conf; they are read in the order of their names");
            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException)
        {
            Report($"cannot read the folder `{folder}`: {exception.Message}", null);
            return [];
        }

        void Report(string problem, string? hint) => problems.Add(new Diagnostic(DiagnosticSeverity.Error, problem, null, hint));
    }
}
