namespace MessageRouter.Configuration;

/// <summary>A place in a text.</summary>
/// <param name="Source">The text.</param>
/// <param name="Line">The line it begins in, from 1.</param>
/// <param name="Column">The character of that line it begins with, from 1.</param>
/// <param name="Length">How many characters it has; it may reach into later lines.</param>
public sealed record SourceSpan(SourceText Source, int Line, int Column, int Length)
{
    /// <summary>The place as compilers write it: <c>node.conf:14:5</c>.</summary>
    public override string ToString() => $"{Source.Name}:{Line}:{Column}";
}
