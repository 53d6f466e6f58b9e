using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Pools;

namespace MessageRouter.Configuration;

/// <summary>
/// Reads what brings messages to a filter whose copies are on several nodes: an output in the filter's place, which feeds a stream of the filter's name, and an input that takes what is for the copies here,
/// where the node may have some.
/// </summary>
/// <param name="components">Reads them.</param>
/// <param name="roles">The node's roles.</param>
/// <param name="binder">Takes what is wrong.</param>
internal sealed class PlacedPoolReader(ComponentReader components, IReadOnlyList<string> roles, OptionsBinder binder)
{
    private static readonly string[] OfThePool = ["type", "class", "stream", "delivery", "route", "key", "to", "mailbox", "singleton", "role", "weight"];

    /// <param name="readings">All that could be read.</param>
    /// <param name="all">The components of these.</param>
    /// <returns>The components as they are at work.</returns>
    public IReadOnlyList<ComponentDefinition> Read(IReadOnlyList<ComponentReading> readings, IReadOnlyList<ComponentDefinition> all)
    {
        var placed = readings.Where(reading => reading.Definition?.Placement is not null).ToList();
        return placed.Count == 0 ? all : PlacedPools.With(all, [.. placed.SelectMany(PartsOf).OfType<ComponentDefinition>()]);
    }

    private IEnumerable<ComponentDefinition?> PartsOf(ComponentReading reading)
    {
        var (filter, placement) = (reading.Definition!, PlacementReader.BlockOf(reading.Block)!);
        IEnumerable<HoconField> common =
        [
            Text("type", "cluster"), Text("stream", filter.FullName),
            .. placement.TryGet("delivery", out var delivery) ? new[] { delivery } : [],
        ];
        IEnumerable<HoconField> waiting = reading.Block!.TryGet("mailbox", out var mailbox) ? [mailbox] : [];
        yield return Part(ComponentRole.Output, "feed", PlacedPools.FeedOf(filter.Name), [.. common, .. waiting, .. RouteOf(filter)]);
        if (filter.Placement!.Roles is { Count: > 0 } needed && !needed.Intersect(roles).Any()) yield break;
        yield return Part(ComponentRole.Input, "take", PlacedPools.TakeOf(filter.Name), [.. common, Text("to", filter.Name)]);

        ComponentDefinition? Part(ComponentRole role, string key, string name, IEnumerable<HoconField> fields)
        {
            var what = $"`{key}` of {reading}";
            if (!placement.TryGet(key, out var written)) written = null;
            if (written is not (null or { Value: HoconObject or HoconBroken }))
            {
                binder.Error($"{what} must be a block", written.Value.Span, $"write {key} {{ … }}, with keys of {role.Section()} of the type cluster");
                return null;
            }
            var own = (written?.Value as HoconObject)?.Fields ?? [];
            var notItsOwn = own.Where(field => OfThePool.Contains(field.Key)).ToList();
            foreach (var field in notItsOwn) binder.Error($"`{field.Key}` cannot be said by {what}: it follows from the filter", field.KeySpan, "remove it");
            if (notItsOwn.Count > 0) return null;
            return components.ReadPart(role, name, what, new HoconObject(reading.Block!.Span, [.. fields, .. own]), reading.Origin) is { } part ? part with { PartOf = filter.Name } : null;
        }

        HoconField Text(string key, string text) => new(key, reading.Origin, DefaultValue.Text(text, reading.Origin));

        IEnumerable<HoconField> RouteOf(ComponentDefinition pool) =>
            pool.Route?.Key is { } messageKey ? [Text("route", "key"), Text("key", messageKey.ToString())]
            : pool.Route == PoolRoute.LeastBusy ? [Text("route", "least-busy")]
            : [];
    }
}
