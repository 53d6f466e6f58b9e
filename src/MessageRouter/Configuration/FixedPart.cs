using MessageRouter.Components;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration;

/// <summary>What of a configuration cannot change while its node runs, as text to compare: all that a node reads but the sizes of pools and of groups of worker processes.</summary>
internal static class FixedPart
{
    private static readonly string Filters = ComponentRole.Filter.Section();

    public static string Of(HoconObject root) =>
        HoconPrinter.Print(Map(root, field => field.Key switch
        {
            "router" => field with { Value = Map(field.Value, WithoutSizes) },
            "akka" => field,
            _ => null,
        }));

    private static HoconField WithoutSizes(HoconField section) => section switch
    {
        // Either one group or several.
        { Key: "workers", Value: HoconObject group } when group.TryGet("command", out _) => WithoutSize(section),
        { Key: "workers" } => section with { Value = Map(section.Value, WithoutSize) },
        _ when section.Key == Filters => section with { Value = Map(section.Value, WithoutSize) },
        _ => section,
    };

    private static HoconField WithoutSize(HoconField filter) =>
        filter with { Value = Map(filter.Value, key => key.Key == "instances" ? null : key) };

    private static HoconValue Map(HoconValue value, Func<HoconField, HoconField?> change) =>
        value is HoconObject block ? new HoconObject(block.Span, block.Fields.Select(change).OfType<HoconField>()) : value;
}
