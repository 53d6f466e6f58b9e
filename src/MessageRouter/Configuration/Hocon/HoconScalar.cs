namespace MessageRouter.Configuration.Hocon;

/// <summary>A string, number, boolean or null. Numbers keep the text they were written with.</summary>
internal sealed class HoconScalar(SourceSpan span, string text, HoconScalarKind kind, bool quoted = false) : HoconValue(span)
{
    public string Text { get; } = text;

    public HoconScalarKind Kind { get; } = kind;

    /// <summary>Whether the whole value stood in quotes, or came from the environment, which knows only strings.</summary>
    public bool IsQuoted { get; } = quoted;
}
