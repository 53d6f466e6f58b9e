namespace MessageRouter.Configuration.Hocon;

internal sealed class HoconArray(SourceSpan span, IEnumerable<HoconValue> items) : HoconValue(span)
{
    public IReadOnlyList<HoconValue> Items { get; } = [.. items];
}
