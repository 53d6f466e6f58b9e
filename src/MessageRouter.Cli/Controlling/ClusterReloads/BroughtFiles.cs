using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Reloading;

namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary>Reads files that are to be brought to other nodes: their text as it is, since what it amounts to is found out there.</summary>
internal static class BroughtFiles
{
    /// <returns>Null where there are none.</returns>
    /// <exception cref="ConfigurationException">One cannot be read, or is no HOCON.</exception>
    /// <exception cref="CommandException">They are too many, or too large.</exception>
    public static IReadOnlyList<BroughtFile>? Read(IReadOnlyList<string> paths, Surroundings surroundings)
    {
        if (paths.Count == 0) return null;
        var files = new List<BroughtFile>();
        var findings = new List<Diagnostic>();
        foreach (var path in FileArguments.Expand(paths))
        {
            var (source, diagnostics) = HoconReader.ReadSyntax(path, NodeFiles.Reading(surroundings));
            findings.AddRange(diagnostics.Where(finding => finding.Severity == DiagnosticSeverity.Error));
            if (source is not null) files.Add(new BroughtFile(path, source.Text));
        }
        if (findings.Count > 0) throw new ConfigurationException(findings);
        return BroughtConfiguration.ProblemOf(files) is { } problem ? throw CommandException.Usage(problem) : files;
    }
}
