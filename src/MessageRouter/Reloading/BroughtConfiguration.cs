using System.Text;
using MessageRouter.Routing;

namespace MessageRouter.Reloading;

/// <summary>
/// A configuration that somebody brings to a node in place of its own files. It is read there: with the node's environment, what was set over its files, and paths
/// relative to the first of these. Who the node is, and how it is reached, it does not say.
/// </summary>
/// <param name="Files">The files, later ones over earlier ones.</param>
/// <param name="From">The node that brings them.</param>
/// <param name="Own">The node as it is.</param>
internal sealed record BroughtConfiguration(IReadOnlyList<BroughtFile> Files, string From, NodeDefinition Own)
{
    /// <summary>How many files there may be.</summary>
    public const int MostFiles = 64;

    /// <summary>How long a name may be, in characters.</summary>
    public const int LongestName = 1024;

    /// <summary>How large all files may be together, in bytes of UTF-8.</summary>
    public const int LargestText = 256 << 10;

    /// <summary>Why files cannot be brought; null where they can.</summary>
    public static string? ProblemOf(IReadOnlyList<BroughtFile> files)
    {
        if (files.Any(file => file is not { Name.Length: > 0 and <= LongestName, Text: not null })) return FormattableString.Invariant($"a file that is brought to a node has a name of at most {LongestName} characters");
        if (files.Count > MostFiles) return FormattableString.Invariant($"{files.Count} files are too many to be brought to a node: {MostFiles} are the most");
        var size = files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text));
        return size <= LargestText ? null : FormattableString.Invariant($"{size} bytes are too many to be brought to a node: {LargestText} are the most");
    }
}
