using System.Text.Json.Nodes;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Cli.Schemas;

/// <summary>A block with the keys of an options class, and no others.</summary>
internal static class BlockSchema
{
    public static JsonObject Of(Type options)
    {
        var schema = new JsonObject { ["type"] = "object" };
        AddKeys(schema, options);
        return Closed(schema);
    }

    /// <summary>Adds the keys of an options class to a block's.</summary>
    public static void AddKeys(JsonObject schema, Type options)
    {
        var keys = OptionsSchema.Of(options);
        foreach (var key in keys.Keys)
        {
            Add(schema, key.Name, ValueSchema.Of(key, OptionTypes.IsBlock(Nullable.GetUnderlyingType(key.Type) ?? key.Type) ? null : keys.DefaultOf(key)));
            if (key.IsRequired) Require(schema, key.Name);
        }
    }

    public static void Add(JsonObject schema, string key, JsonObject value) => ((JsonObject)(schema["properties"] ??= new JsonObject()))[key] = value;

    public static void Require(JsonObject schema, string key) => ((JsonArray)(schema["required"] ??= new JsonArray())).Add(key);

    /// <summary>No other key is known.</summary>
    public static JsonObject Closed(JsonObject schema)
    {
        schema["additionalProperties"] = false;
        return schema;
    }
}
