using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using MessageRouter.Configuration.Binding;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Cli.Schemas;

/// <summary>What a key takes, as JSON Schema. A quoted number is one too, as for the reader: substitutions from the environment are text.</summary>
internal static class ValueSchema
{
    private const string Number = @"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?";
    private const string Amount = @"(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\s*";

    private const string Time = Amount + "(ns|nanos?|nanoseconds?|us|micros?|microseconds?|ms|millis?|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?|w|weeks?)?";

    private const string Size = Amount
        + "(B|b|bytes?|[kmgtpezyKMGTPEZY]|[KMGTPEZY]iB?|kB|[MGTPEZY]B|(kilo|mega|giga|tera|peta|exa|zetta|yotta|kibi|mebi|gibi|tebi|pebi|exbi|zebi|yobi)bytes?)?";

    /// <summary>A key with its description, default and bounds.</summary>
    public static JsonObject Of(OptionKey key, object? byDefault)
    {
        var schema = Of(key.Type, key.IsByteSize);
        if (Range(key) is { } range && schema["items"] is null)
        {
            if (range.Least is { } least) schema["minimum"] = least;
            if (range.Greatest is { } greatest) schema["maximum"] = greatest;
        }
        return Described(schema, key.Description, Default(byDefault, key.IsByteSize));
    }

    /// <summary>A name, or any other text.</summary>
    public static JsonObject Text() => new() { ["type"] = Types("string", "number", "boolean") };

    /// <summary>A text, or several.</summary>
    public static JsonObject Texts() => ListOf(Text());

    /// <summary>A size, or <c>off</c>.</summary>
    public static JsonObject SizeOrOff() => Quantity($"(off|{Size})");

    public static JsonObject Described(JsonObject schema, string description, JsonNode? byDefault = null)
    {
        if (description.Length > 0) schema["description"] = description;
        if (byDefault is not null) schema["default"] = byDefault;
        return schema;
    }

    public static JsonObject Of(Type type, bool isByteSize)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (OptionTypes.IsBlock(type)) return BlockSchema.Of(type);
        if (OptionTypes.MapItem(type) is { } mapped) return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(mapped, isByteSize) };
        if (OptionTypes.ListItem(type) is { } item) return ListOf(Of(item, isByteSize));
        if (type == typeof(string)) return Text();
        if (type == typeof(bool)) return new JsonObject { ["type"] = Types("boolean", "string"), ["pattern"] = "^(true|false|yes|no|on|off)$" };
        if (type == typeof(TimeSpan)) return Quantity($"(infinite|{Time})");
        if (type == typeof(Uri)) return new JsonObject { ["type"] = "string", ["format"] = "uri" };
        if (type == typeof(JToken)) return [];
        if (type.IsEnum) return new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(OptionKey.Kebab(name)))]) };
        if (isByteSize) return Quantity(Size);
        return OptionTypes.WholeNumbers.TryGetValue(type, out var range) ? Whole(range.Least) : new JsonObject { ["type"] = Types("number", "string"), ["pattern"] = $@"^\s*{Number}\s*$" };
    }

    /// <summary>One stands for a list of one.</summary>
    private static JsonObject ListOf(JsonObject item)
    {
        // Errors are clearer where a schema has no alternatives.
        if (item.Count == 0) return [];
        if (item["type"] is not { } types) return new JsonObject { ["anyOf"] = new JsonArray(item.DeepClone(), new JsonObject { ["type"] = "array", ["items"] = item }) };
        var list = item.DeepClone().AsObject();
        list["type"] = Types([.. types is JsonArray several ? several.Select(type => type!.GetValue<string>()) : [types.GetValue<string>()], "array"]);
        list["items"] = item;
        return list;
    }

    private static JsonObject Quantity(string pattern) => new() { ["type"] = Types("string", "number"), ["pattern"] = $@"^\s*{pattern}\s*$", ["minimum"] = 0 };

    private static JsonObject Whole(decimal least)
    {
        var schema = new JsonObject { ["type"] = Types("integer", "string"), ["pattern"] = $@"^\s*{Number}\s*$" };
        if (least == 0) schema["minimum"] = 0;
        return schema;
    }

    private static JsonArray Types(params string[] names) => new([.. names.Select(name => JsonValue.Create(name))]);

    private static (decimal? Least, decimal? Greatest)? Range(OptionKey key)
    {
        var attribute = key.Property?.GetCustomAttribute<RangeAttribute>() ?? key.Parameter?.GetCustomAttribute<RangeAttribute>();
        if (attribute is null || !OptionTypes.WholeNumbers.TryGetValue(Nullable.GetUnderlyingType(key.Type) ?? key.Type, out var all)) return null;
        var (least, greatest) = (Convert.ToDecimal(attribute.Minimum, CultureInfo.InvariantCulture), Convert.ToDecimal(attribute.Maximum, CultureInfo.InvariantCulture));
        return (least > all.Least ? least : null, greatest < all.Greatest ? greatest : null);
    }

    private static JsonNode? Default(object? value, bool isByteSize) => value switch
    {
        null or IDictionary => null,
        bool flag => flag,
        string text => text,
        Uri uri => uri.OriginalString,
        TimeSpan or Enum => ValueText.Of(value),
        int or long when isByteSize => ValueText.Of(value, isByteSize),
        IEnumerable list => list.Cast<object?>().Select(item => Default(item, isByteSize)).ToList() is var items && items.Contains(null) ? null : new JsonArray([.. items]),
        _ when OptionTypes.WholeNumbers.ContainsKey(value.GetType()) || value is float or double or decimal => JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        _ => null,
    };
}
