namespace MessageRouter.Cli.Formatting;

/// <summary>A line of a file that was laid out. Text in triple quotes may go on over the next ones.</summary>
/// <param name="Indent">Spaces before it.</param>
/// <param name="Text">What it says.</param>
/// <param name="Remark">The comment behind that, or the only thing on the line.</param>
internal sealed record Line(int Indent, string Text, string? Remark)
{
    public static Line Blank { get; } = new(0, "", null);

    /// <summary>Whether its comment is behind something, and can stand below another line's.</summary>
    public bool HasRemarkBehind => Remark is not null && Text.Length > 0 && !Text.Contains('\n', StringComparison.Ordinal);

    /// <summary>Where its text ends.</summary>
    public int Width => Indent + Text.Length;
}
