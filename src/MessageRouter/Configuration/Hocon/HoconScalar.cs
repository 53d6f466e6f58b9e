namespace MessageRouter.Configuration.Hocon;

/// <summary>A string, number, boolean or null. Numbers keep the text they were written with.</summary>
internal class HoconScalar(SourceSpan span, string text, HoconScalarKind kind) : HoconValue(span)
{
    public string Text { get; } = text;

    public HoconScalarKind Kind { get; } = kind;
}
