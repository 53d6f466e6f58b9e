using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.InForce;

namespace MessageRouter.Cli.InForce;

/// <summary>Values by the blocks that they stand in.</summary>
/// <param name="Key">The last key of its path; empty for the root.</param>
/// <param name="Value">The value; null for a block.</param>
/// <param name="Children">What stands in the block, in its order.</param>
internal sealed record ConfigTree(string Key, ConfigValue? Value, IReadOnlyList<ConfigTree> Children)
{
    public static ConfigTree Of(IReadOnlyList<ConfigValue> values) => Of("", [.. values], 0);

    /// <summary>The same as one value.</summary>
    public HoconValue ToValue(MessageRouter.Configuration.SourceSpan place) =>
        Value?.Value ?? new HoconObject(place, Children.Select(child => new HoconField(child.Key, place, child.ToValue(place))));

    private static ConfigTree Of(string key, IReadOnlyList<ConfigValue> values, int depth) =>
        values is [var only] && only.Path.Count == depth
            ? new ConfigTree(key, only, [])
            : new ConfigTree(key, null, [.. values.GroupBy(value => value.Path[depth]).Select(group => Of(group.Key, [.. group], depth + 1))]);
}
