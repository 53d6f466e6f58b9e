using MessageRouter.Configuration.Binding;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Cli.Listing;

/// <summary>One key as it is shown.</summary>
/// <param name="Name">The name, with the blocks it stands in: <c>reconnect.min</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Default">What holds without it, as it would be written; or that it is required.</param>
/// <param name="Description">What it is for.</param>
internal sealed record KeyLine(string Name, string Kind, string Default, string Description)
{
    /// <summary>The keys of an options class; those of blocks within it follow under their full names.</summary>
    public static IEnumerable<KeyLine> Of(Type options, string prefix)
    {
        var schema = OptionsSchema.Of(options);
        return schema.Keys.SelectMany(key =>
        {
            var type = Nullable.GetUnderlyingType(key.Type) ?? key.Type;
            if (OptionTypes.IsBlock(type)) return Of(type, $"{prefix}{key.Name}.");
            var byDefault = key.IsRequired ? "required" : ValueText.Of(schema.DefaultOf(key), key.IsByteSize);
            return [new KeyLine(prefix + key.Name, KindOf(type, key.IsByteSize), byDefault, key.Description)];
        });
    }

    private static string KindOf(Type type, bool isByteSize)
    {
        if (type == typeof(string)) return "text";
        if (type == typeof(bool)) return "true | false";
        if (type == typeof(TimeSpan)) return "duration";
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal)) return "number";
        if (type == typeof(Uri)) return "URI";
        if (type == typeof(JToken)) return "any value";
        if (OptionTypes.WholeNumbers.ContainsKey(type)) return isByteSize ? "size" : "whole number";
        if (type.IsEnum) return string.Join(" | ", Enum.GetNames(type).Select(OptionKey.Kebab));
        if (OptionTypes.IsBlock(type)) return "block";
        var arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        return arguments switch
        {
            [var item] => $"list of {Plural(KindOf(item, isByteSize))}",
            [_, var item] => $"block of {Plural(KindOf(item, isByteSize))}",
            _ => "",
        };
    }

    private static string Plural(string kind) => kind switch
    {
        "text" => "texts",
        "any value" => "values",
        "block" or "duration" or "number" or "size" or "URI" or "whole number" => kind + "s",
        _ => kind,
    };
}
