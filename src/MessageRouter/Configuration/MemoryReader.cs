using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;

namespace MessageRouter.Configuration;

/// <summary>Reads <c>memory { limit }</c>: a size, or <c>off</c>.</summary>
internal static class MemoryReader
{
    private const string Key = "memory";

    /// <returns>The limit, 0 for none, and whether the configuration says so.</returns>
    public static (long Limit, bool IsWritten) Read(HoconObject router, OptionsBinder binder)
    {
        if (!OptionsBinder.TryGetValue(router, Key, out var field)) return (NodeDefinition.DefaultMemoryLimit, false);
        if (field.Value is not HoconObject block)
        {
            binder.Error($"`{Key}` must be a block", field.Value.Span, $"write {Key} {{ limit = 2GiB }}");
            return (0, false);
        }
        binder.RejectUnknownKeys(block, $"`{Key}` of the router", ["limit"]);
        if (!OptionsBinder.TryGetValue(block, "limit", out var limit)) return (NodeDefinition.DefaultMemoryLimit, false);
        if (limit.Value is HoconScalar { Text: "off" }) return (0, true);
        if (HoconConvert.TrySize(limit.Value, out var bytes, out var problem)) return (bytes, true);
        binder.Error($"`limit` of `{Key}`: {problem}", limit.Value.Span, "give a size such as 2GiB, or off for no limit");
        return (0, false);
    }
}
