using System.Text.Json;

namespace MessageRouter.Tests.Control;

/// <summary>Checks an answer against its schema, as far as the schemas of the API go: types, properties, items, references within the document.</summary>
internal static class JsonSchemaCheck
{
    public static void Assert(JsonElement document, JsonElement schema, JsonElement value, string place, JsonElement? root = null)
    {
        if (schema.ValueKind == JsonValueKind.True) return;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            // What the exporter refers to is relative to the type's own schema.
            var path = reference.GetString()!.TrimStart('#').Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
            var isOfDocument = path is ["components", ..];
            var target = path.Aggregate(isOfDocument ? document : root!.Value, (at, step) => at.ValueKind == JsonValueKind.Array ? at[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(step));
            Assert(document, target, value, place, isOfDocument ? target : root);
            return;
        }
        root ??= schema;
        if (schema.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!).ToArray() : [type.GetString()!];
            Xunit.Assert.True(types.Any(one => Is(value, one)), $"{place} is {value.ValueKind}, not {string.Join(" or ", types)}");
        }
        if (value.ValueKind == JsonValueKind.Object)
        {
            var properties = schema.TryGetProperty("properties", out var known) ? known.EnumerateObject().ToDictionary(property => property.Name, property => property.Value) : [];
            foreach (var property in value.EnumerateObject())
            {
                if (properties.TryGetValue(property.Name, out var inner)) Assert(document, inner, property.Value, $"{place}.{property.Name}", root);
                else if (schema.TryGetProperty("additionalProperties", out var others))
                {
                    Xunit.Assert.True(others.ValueKind != JsonValueKind.False, $"{place} has `{property.Name}`, of which its document knows nothing");
                    Assert(document, others, property.Value, $"{place}.{property.Name}", root);
                }
            }
        }
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray()) Assert(document, items, item, $"{place}[]", root);
        }
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => value.ValueKind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase),
    };
}
