namespace MessageRouter.Configuration.Hocon;

internal sealed class HoconArray(SourceSpan span, IEnumerable<HoconValue> items) : HoconValue(span)
{
    public IReadOnlyList<HoconValue> Items { get; } = [.. items];

    /// <summary>Whether every element could be read.</summary>
    public bool IsWhole => Items.All(item => item is not HoconBroken);
}
