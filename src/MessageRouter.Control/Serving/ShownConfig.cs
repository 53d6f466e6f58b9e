using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.InForce;

namespace MessageRouter.Control.Serving;

/// <summary>What of a configuration is shown to whoever asks a running node: of keys that sound like secrets not what they hold.</summary>
internal static class ShownConfig
{
    public static ConfigValue Of(ConfigValue value) =>
        value.From != ConfigOrigin.Default && !IsWhereItIsKept(value.Path) && OfOptions(value.Path).Any(SecretText.IsSecret) ? value with { Value = DefaultValue.Text("…", value.Value.Span) } : value;

    private static bool IsWhereItIsKept(IReadOnlyList<string> path) => path is [.., "secret", "file" or "env" or "command" or "cache"];

    /// <remarks>Names of components are no secrets, whatever they sound like.</remarks>
    private static IEnumerable<string> OfOptions(IReadOnlyList<string> path) => path.Skip(path is ["router", "inputs" or "filters" or "outputs" or "workers", ..] ? 3 : 1);
}
