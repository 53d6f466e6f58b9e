namespace MessageRouter.Cli.Formatting;

/// <summary>An object or an array as it is written, or a whole file.</summary>
/// <param name="Opening"><c>{</c> or <c>[</c>; NUL for a file, which has no brackets.</param>
/// <param name="Items">What is in it.</param>
/// <param name="Remark">The comment behind the opening bracket.</param>
/// <param name="Closing">The comments before the closing one.</param>
/// <param name="IsOneLine">Whether its author has it on one line.</param>
internal sealed record Block(char Opening, IReadOnlyList<Item> Items, string? Remark, IReadOnlyList<Remark> Closing, bool IsOneLine) : Part
{
    /// <summary>What closes it.</summary>
    public char End => Opening == '{' ? '}' : ']';
}

/// <summary>A part of a value: a block, or text.</summary>
internal abstract record Part;

/// <summary>Text of a value, byte for byte: words, quoted text, substitutions, and the white space between them.</summary>
internal sealed record Words(string Text) : Part;

/// <summary>A field, an element or an include statement.</summary>
/// <param name="Head">The key with its separator, or the include statement; nothing before an element.</param>
/// <param name="Value">The parts of its value.</param>
internal sealed record Item(string Head, IReadOnlyList<Part> Value)
{
    /// <summary>The comments on lines of their own before it.</summary>
    public IReadOnlyList<Remark> Before { get; init; } = [];

    /// <summary>Whether a blank line is directly before it.</summary>
    public bool FollowsBlank { get; init; }

    /// <summary>Whether it is on another line than the item before.</summary>
    public bool BeginsLine { get; init; }

    /// <summary>The comment behind it.</summary>
    public string? Remark { get; init; }
}

/// <summary>A comment on a line of its own.</summary>
internal sealed record Remark(string Text, bool FollowsBlank);
