using System.ComponentModel.DataAnnotations;
using System.Text;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Filters;

/// <summary>What the options of the filters that edit fields have in common.</summary>
internal static class FieldEdit
{
    private const int LongestShown = 80;

    /// <summary>
    /// The fields of a block, each with its path. A block within it stands for the fields in it, because a HOCON reader
    /// cannot tell <c>a.b = 1</c> from <c>a { b = 1 }</c>.
    /// </summary>
    public static IEnumerable<(string Path, JToken Value)> Flatten(IReadOnlyDictionary<string, JToken> fields) =>
        fields.SelectMany(field => Flatten(field.Key, field.Value ?? JValue.CreateNull()));

    public static IEnumerable<ValidationResult> Validate(IEnumerable<string> paths, string member)
    {
        var any = false;
        foreach (var path in paths)
        {
            any = true;
            if (!FieldPath.TryParse(path, out _, out var problem))
                yield return new ValidationResult($"`{path}` is not a field path: {problem}", [member]);
        }
        if (!any) yield return new ValidationResult("names no field; name at least one", [member]);
    }

    /// <summary>A value as it is shown to people.</summary>
    public static string Shown(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json[..Math.Min(json.Length, LongestShown * 4)]);
        return text.Length > LongestShown ? text[..LongestShown] + "…" : text;
    }

    private static IEnumerable<(string Path, JToken Value)> Flatten(string path, JToken value) =>
        value is JObject { Count: > 0 } block
            ? block.Properties().SelectMany(property => Flatten($"{path}.{Quote(property.Name)}", property.Value))
            : [(path, value)];

    private static string Quote(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '@') && name.Length > 0
            ? name
            : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
