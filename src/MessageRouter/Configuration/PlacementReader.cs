using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration;

/// <summary>Reads <c>instances { cluster { … } }</c>, which stands where a number could.</summary>
internal sealed class PlacementReader(OptionsBinder binder)
{
    public const string Key = "instances";

    public const string Cluster = "cluster";

    /// <summary>Whether a block says how its copies are placed, and not how many there are.</summary>
    public static bool IsPlaced(HoconObject block) => block.TryGet(Key, out var field) && field.Value is HoconObject;

    /// <summary>A block without what it says of that.</summary>
    public static HoconObject Without(HoconObject block) => new(block.Span, block.Fields.Where(field => field.Key != Key));

    /// <summary>The block that says it; null where there is none.</summary>
    public static HoconObject? BlockOf(HoconObject? block) =>
        block is not null && block.TryGet(Key, out var field) && field.Value is HoconObject inner && inner.TryGet(Cluster, out var cluster) ? cluster.Value as HoconObject : null;

    /// <param name="block">The block with the key.</param>
    /// <param name="subject">Whose it is.</param>
    /// <param name="leastTotal">How many there must be at least.</param>
    /// <param name="otherKeys">What else it may say.</param>
    /// <returns>Null where something is wrong with it, which was reported.</returns>
    public PlacementSection? Read(HoconObject block, string subject, int leastTotal, params IReadOnlyList<string> otherKeys)
    {
        block.TryGet(Key, out var field);
        var instances = (HoconObject)field!.Value;
        binder.RejectUnknownKeys(instances, $"`{Key}` of {subject}", [Cluster]);
        if (BlockOf(block) is not { } cluster)
        {
            if (instances.TryGet(Cluster, out var written) ? written.Value is not HoconBroken : instances.Fields.Count == 0)
                binder.Error($"`{Key}` of {subject} must be a number, or a block with `{Cluster}`", field.Value.Span, $"write {Key} = 4, or {Key} {{ {Cluster} {{ total = 16 }} }}");
            return null;
        }
        instances.TryGet(Cluster, out var named);
        if (binder.Bind(typeof(PlacementSection), cluster, named!.KeySpan, $"`{Key}.{Cluster}` of {subject}", otherKeys) is not PlacementSection section) return null;
        if (section.Total >= leastTotal) return section;
        cluster.TryGet("total", out var total);
        binder.Error($"`total` of `{Key}.{Cluster}` of {subject} must be at least {leastTotal}", total?.Value.Span ?? named.KeySpan);
        return null;
    }
}
