namespace MessageRouter.Configuration.Hocon;

/// <summary>A value without substitutions, with the place it was written at.</summary>
internal abstract class HoconValue(SourceSpan span)
{
    public SourceSpan Span { get; } = span;
}
