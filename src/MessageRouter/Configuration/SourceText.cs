using System.Runtime.CompilerServices;

namespace MessageRouter.Configuration;

/// <summary>A text that configuration was read from: a file, or an option of the command line.</summary>
/// <param name="Name">The name users know it by: the path as it was typed, or <c>--set</c>.</param>
/// <param name="Text">The whole text.</param>
/// <param name="IncludedFrom">The include statement that asked for it; null for a text that was given directly.</param>
/// <remarks>Two texts are equal only when they are the same object: one file may be read twice, from two places.</remarks>
public sealed record SourceText(string Name, string Text, SourceSpan? IncludedFrom = null)
{
    private LineIndex? _lines;

    /// <summary>The folder that relative paths in the text begin at; empty for the current one.</summary>
    internal string Directory => Folder ?? DirectoryOf(Name);

    /// <summary>That folder, where the name does not say it.</summary>
    internal string? Folder { get; init; }

    internal LineIndex Lines => _lines ??= new LineIndex(Text);

    /// <summary>The folder of a file, as it is shown. What comes through a descriptor, such as <c>/dev/stdin</c> or a shell's <c>&lt;(…)</c>, has none.</summary>
    internal static string DirectoryOf(string path) =>
        DevicePath.Is(path) ? "" : Path.GetDirectoryName(path) ?? "";

    /// <inheritdoc/>
    public bool Equals(SourceText? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The name: the text itself may be long.</summary>
    public override string ToString() => Name;
}
