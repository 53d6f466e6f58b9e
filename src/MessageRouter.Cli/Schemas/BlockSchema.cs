using System.Text.Json.Nodes;
using MessageRouter.Configuration;
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

    /// <summary>Has the number of copies or processes be a block too, which says how the cluster places them.</summary>
    /// <param name="schema">The block with the number.</param>
    /// <param name="more">Keys whose values are those of other blocks.</param>
    public static void OrPlaced(JsonObject schema, params IEnumerable<string> more)
    {
        var number = schema["properties"]![PlacementReader.Key]!.AsObject();
        var (description, byDefault) = (number["description"]!.DeepClone(), number["default"]?.DeepClone());
        number.Remove("description");
        number.Remove("default");
        var placement = Of(typeof(PlacementSection));
        foreach (var key in more) Add(placement, key, []);
        var block = new JsonObject { ["type"] = "object" };
        Add(block, PlacementReader.Cluster, placement);
        Require(block, PlacementReader.Cluster);
        Add(schema, PlacementReader.Key, new JsonObject { ["description"] = description, ["default"] = byDefault, ["anyOf"] = new JsonArray(number.DeepClone(), Closed(block)) });
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
