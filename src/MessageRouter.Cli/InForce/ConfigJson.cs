using MessageRouter.Configuration.InForce;

namespace MessageRouter.Cli.InForce;

/// <summary>Writes values as JSON: as the file that it would be, or, with their origins, as a list.</summary>
internal static class ConfigJson
{
    public static string Write(IReadOnlyList<ConfigValue> values, bool withOrigins) => withOrigins
        ? $"[\n{string.Join(",\n", values.Select(value => $"  {{\"path\":{Text(HoconText.Path(value.Path))},\"value\":{value.Json},\"from\":{Text(value.From)}}}"))}\n]\n"
        : HoconJson.Write(ConfigTree.Of(values).ToValue(ConfigOrigin.OfDefaults), indented: true) + "\n";

    private static string Text(string text) => HoconJson.Write(MessageRouter.Configuration.Binding.DefaultValue.Text(text, ConfigOrigin.OfDefaults));
}
