namespace MessageRouter.Configuration.Hocon;

/// <summary>A text that nobody is to see, at the place that says where it is kept.</summary>
internal sealed class HoconSecret(SourceSpan span, string text) : HoconScalar(span, text, HoconScalarKind.String)
{
    public override string ToString() => "(secret)";
}
