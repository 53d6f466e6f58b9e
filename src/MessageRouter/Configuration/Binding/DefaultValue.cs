using System.Collections;
using System.Globalization;
using MessageRouter.Configuration.Hocon;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Configuration.Binding;

/// <summary>Values of options as a configuration would have them.</summary>
internal static class DefaultValue
{
    /// <param name="value">The value; null for none.</param>
    /// <param name="place">Where it is said to stand.</param>
    /// <param name="isByteSize">Whether a number is a size with a unit.</param>
    /// <returns>Null for no value, and for what no configuration can have.</returns>
    public static HoconValue? Of(object? value, SourceSpan place, bool isByteSize = false) => value switch
    {
        null => null,
        string text => Text(text, place),
        bool flag => new HoconScalar(place, flag ? "true" : "false", HoconScalarKind.Boolean),
        Uri uri => Text(uri.OriginalString, place),
        TimeSpan or Enum => Text(ValueText.Of(value), place),
        JToken token => HoconReader.ReadText("", $"{{\"value\":{token.ToString(Newtonsoft.Json.Formatting.None)}}}").Root.Fields.FirstOrDefault() is { } field ? At(field.Value, place) : null,
        IFormattable when isByteSize => Text(ValueText.Of(value, isByteSize), place),
        IFormattable number => new HoconScalar(place, number.ToString(null, CultureInfo.InvariantCulture), HoconScalarKind.Number),
        IDictionary map => new HoconObject(place, map.Keys.OfType<string>().Select(key => Field(key, Of(map[key], place, isByteSize), place)).OfType<HoconField>()),
        IEnumerable list => new HoconArray(place, list.Cast<object?>().Select(item => Of(item, place, isByteSize)).OfType<HoconValue>()),
        _ when OptionTypes.IsBlock(value.GetType()) => OfBlock(value, place),
        _ => null,
    };

    public static HoconScalar Text(string text, SourceSpan place) => new(place, text, HoconScalarKind.String);

    public static HoconField? Field(string key, HoconValue? value, SourceSpan place) => value is null ? null : new HoconField(key, place, value);

    /// <remarks>A block within options may have other values there than its own class would give it.</remarks>
    private static HoconObject OfBlock(object options, SourceSpan place) => new(place, OptionsSchema.Of(options.GetType()).Keys
        .Select(key => (Key: key, Property: key.Property ?? options.GetType().GetProperty(key.Parameter!.Name!)))
        .Select(known => Field(known.Key.Name, Of(known.Property?.GetValue(options), place, known.Key.IsByteSize), place))
        .OfType<HoconField>());

    private static HoconValue At(HoconValue value, SourceSpan place) => value switch
    {
        HoconObject block => new HoconObject(place, block.Fields.Select(field => new HoconField(field.Key, place, At(field.Value, place)))),
        HoconArray array => new HoconArray(place, array.Items.Select(item => At(item, place))),
        HoconScalar scalar => new HoconScalar(place, scalar.Text, scalar.Kind),
        _ => value,
    };
}
