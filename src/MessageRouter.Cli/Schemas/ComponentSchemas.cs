using System.Text.Json.Nodes;
using MessageRouter.Components;
using MessageRouter.Configuration;

namespace MessageRouter.Cli.Schemas;

/// <summary>The blocks of components: which keys there are follows from <c>type</c> or <c>class</c>.</summary>
/// <param name="definitions">Takes the block of each kind of component.</param>
/// <param name="types">What <c>type</c> can name.</param>
/// <param name="classes">What <c>class</c> is known to name.</param>
internal sealed class ComponentSchemas(JsonObject definitions, IReadOnlyList<ComponentType> types, IReadOnlyList<ComponentType> classes)
{
    private const string Type = "type";
    private const string Class = "class";

    /// <summary>A section: components of one role by their names.</summary>
    public JsonObject Section(ComponentRole role)
    {
        definitions[role.Word()] = Any(role, role.Section(), mailbox: "mailbox");
        return new JsonObject
        {
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z0-9][A-Za-z0-9_-]*$", ["maxLength"] = 128 },
            ["additionalProperties"] = Reference(role.Word()),
        };
    }

    /// <summary>The error chain's output: who reports an error cannot be made to wait.</summary>
    public JsonObject Errors()
    {
        var mailbox = Reference("mailbox");
        BlockSchema.Add(mailbox, "overflow", new JsonObject { ["enum"] = new JsonArray("drop-newest", "drop-oldest") });
        definitions["errors-mailbox"] = mailbox;
        var limit = ValueSchema.Described(ValueSchema.Of(typeof(uint), isByteSize: false), "Error events a second; 0 for no limit.", ComponentReader.DefaultErrorRate);
        return Any(ComponentRole.Output, "errors", "errors-mailbox", ("rate-limit", limit));
    }

    public static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/$defs/{Uri.EscapeDataString(definition.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))}" };

    private JsonObject Any(ComponentRole role, string section, string mailbox, params (string Name, JsonObject Schema)[] more)
    {
        var ofRole = types.Where(type => type.Role == role).ToList();
        var any = Common(role, mailbox, more);
        BlockSchema.Add(any, Type, TypeNames(ofRole));
        BlockSchema.Add(any, Class, ValueSchema.Described(ValueSchema.Text(), "The full name of a class in one of the plug-ins, in place of `type`."));

        // Not `oneOf`, which would say of a block without either only that it matches nothing.
        any["if"] = Requires(Class);
        any["then"] = new JsonObject { ["properties"] = new JsonObject { [Type] = false } };
        any["else"] = Requires(Type);
        any["allOf"] = new JsonArray([.. ofRole.Select(type => Case(Type, type)), .. classes.Where(type => type.Role == role).Select(type => Case(Class, type))]);
        return any;

        JsonObject Case(string key, ComponentType type)
        {
            var definition = $"{section}.{type.Name}";
            var block = Common(role, mailbox, more);
            BlockSchema.Add(block, key, Names(type));
            if (type.OptionsType is { } options) BlockSchema.AddKeys(block, options);
            if (type.IsAsync) BlockSchema.AddKeys(block, typeof(AsyncOptions));
            definitions[definition] = BlockSchema.Closed(ValueSchema.Described(block, type.Summary));
            return new JsonObject
            {
                ["if"] = new JsonObject { ["properties"] = new JsonObject { [key] = Names(type) }, ["required"] = new JsonArray(key) },
                ["then"] = Reference(definition),
            };
        }
    }

    private static JsonObject Common(ComponentRole role, string mailbox, (string Name, JsonObject Schema)[] more)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (role != ComponentRole.Output)
        {
            var to = ValueSchema.Described(ValueSchema.Texts(), "The filters and outputs that it sends to.");
            (to["minItems"], to["uniqueItems"]) = (1, true);
            BlockSchema.Add(schema, "to", to);
            BlockSchema.Require(schema, "to");
        }
        if (role == ComponentRole.Input)
        {
            BlockSchema.Add(schema, "decode", Format("How payloads are read."));
            BlockSchema.AddKeys(schema, typeof(SingletonSection));
        }
        if (role == ComponentRole.Output) BlockSchema.Add(schema, "encode", Format("How payloads are written."));
        if (role == ComponentRole.Filter)
        {
            BlockSchema.AddKeys(schema, typeof(PoolSection));
            BlockSchema.OrPlaced(schema, "delivery", "feed", "take");
            BlockSchema.Add(schema, "retry", Reference("retry"));
        }
        BlockSchema.Add(schema, "mailbox", Reference(mailbox));
        BlockSchema.Add(schema, "supervision", Reference("supervision"));
        foreach (var (name, value) in more) BlockSchema.Add(schema, name, value.DeepClone().AsObject());
        return schema;
    }

    private static JsonObject Format(string description) => ValueSchema.Described(ValueSchema.Of(typeof(MessageFormat), isByteSize: false), description, "json");

    // `type = null` without quotes names the component `null`.
    private static JsonObject Names(ComponentType type) => type.Name == "null" ? new JsonObject { ["enum"] = new JsonArray("null", null) } : new JsonObject { ["const"] = type.Name };

    private static JsonObject TypeNames(IReadOnlyList<ComponentType> types)
    {
        var names = types.Select(type => (JsonNode?)JsonValue.Create(type.Name)).ToList();
        var summaries = types.Select(type => (JsonNode?)JsonValue.Create(type.Summary)).ToList();
        if (types.Any(type => type.Name == "null")) names.Add(null);
        return new JsonObject { ["description"] = "Which kind of component it is.", ["enum"] = new JsonArray([.. names]), ["enumDescriptions"] = new JsonArray([.. summaries]) };
    }

    private static JsonObject Requires(string key) => new() { ["required"] = new JsonArray(key) };
}
