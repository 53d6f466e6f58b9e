using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration.InForce;

/// <summary>One value of the configuration that is in force: a text, a number, a list, or a block without keys.</summary>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Value">The value.</param>
/// <param name="From">Where it is from: a file and a line, <c>--set</c>, or <c>default</c>.</param>
internal sealed record ConfigValue(IReadOnlyList<string> Path, HoconValue Value, string From)
{
    /// <summary>As JSON.</summary>
    public string Json => HoconJson.Write(Value);

    /// <summary>All values of a tree, in its order.</summary>
    public static IEnumerable<ConfigValue> Of(HoconObject tree, IReadOnlyList<string>? path = null) => tree.Fields.SelectMany(field =>
    {
        IReadOnlyList<string> inner = [.. path ?? [], field.Key];
        return field.Value is HoconObject { Fields.Count: > 0 } block ? Of(block, inner) : [new ConfigValue(inner, field.Value, ConfigOrigin.Of(field.Value.Span))];
    });
}
