using System.Collections;
using System.Globalization;
using MessageRouter.Configuration.Hocon;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Configuration.Binding;

/// <summary>Values of the configuration as the types that options have.</summary>
internal static class ValueConverter
{
    /// <param name="value">What was written.</param>
    /// <param name="type">What is needed.</param>
    /// <param name="isByteSize">Whether a number is a size with a unit.</param>
    /// <param name="result">The value; null where something is wrong with it.</param>
    /// <param name="report">Takes everything that is wrong: the part of the value, and a phrase that says what was expected and what was found.</param>
    public static bool TryConvert(HoconValue value, Type type, bool isByteSize, out object? result, Action<HoconValue, string> report)
    {
        result = null;
        if (value is HoconBroken) return false;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JToken)) return TryJson(value, out result, report);
        if (OptionTypes.MapItem(type) is { } mapItem) return TryMap(value, mapItem, isByteSize, out result, report);
        if (OptionTypes.ListItem(type) is { } listItem) return TryList(value, type, listItem, isByteSize, out result, report);
        if (TryScalar(value, type, isByteSize, out result, out var problem)) return true;
        report(value, value is HoconSecret ? "what its secret holds is not what the key takes" : problem!);
        return false;
    }

    /// <summary>A value as JSON: what was written in quotes is a string, everything else is what it looks like.</summary>
    private static bool TryJson(HoconValue value, out object? result, Action<HoconValue, string> report)
    {
        var isWhole = true;
        result = ToJson(value);
        return isWhole;

        JToken ToJson(HoconValue part) => part switch
        {
            HoconObject block => new JObject(block.Fields.Select(field => new JProperty(field.Key, ToJson(field.Value)))),
            HoconArray array => new JArray(array.Items.Select(ToJson)),
            HoconScalar { Kind: HoconScalarKind.Null } => JValue.CreateNull(),
            HoconScalar { Kind: HoconScalarKind.Boolean } scalar => new JValue(scalar.Text is "true" or "yes" or "on"),
            HoconScalar { Kind: HoconScalarKind.Number } scalar => Number(scalar),
            HoconScalar scalar => new JValue(scalar.Text),
            _ => Nothing(),
        };

        JValue Number(HoconScalar number)
        {
            if (long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return new JValue(integer);
            var real = double.Parse(number.Text, CultureInfo.InvariantCulture);
            if (double.IsFinite(real)) return new JValue(real);
            report(number, $"`{DiagnosticBag.Shorten(number.Text)}` is out of range; put it in quotes if it is a text");
            return Nothing();
        }

        JValue Nothing()
        {
            isWhole = false;
            return JValue.CreateNull();
        }
    }

    private static bool TryScalar(HoconValue value, Type type, bool isByteSize, out object? result, out string? problem)
    {
        result = null;
        if (type.IsEnum) return TryEnum(value, type, out result, out problem);
        if (type == typeof(string)) return Take(HoconConvert.TryString(value, out var text, out problem), text, out result);
        if (type == typeof(bool)) return Take(HoconConvert.TryBoolean(value, out var flag, out problem), flag, out result);
        if (type == typeof(TimeSpan)) return Take(HoconConvert.TryDuration(value, out var duration, out problem), duration, out result);
        if (type == typeof(Uri)) return TryUri(value, out result, out problem);
        if (OptionTypes.WholeNumbers.TryGetValue(type, out var range)) return TryWhole(value, type, range, isByteSize, out result, out problem);
        if (type == typeof(decimal)) return Take(HoconConvert.TryDecimal(value, out var number, out problem), number, out result);
        if (type == typeof(double) || type == typeof(float))
        {
            if (!HoconConvert.TryDouble(value, out var real, out problem)) return false;
            result = type == typeof(float) ? (float)real : (object)real;
            if (result is not float.PositiveInfinity and not float.NegativeInfinity) return true;
            result = null;
            problem = $"{real.ToString(CultureInfo.InvariantCulture)} is out of range";
            return false;
        }
        throw new NotSupportedException($"Options cannot have a property of type {type}.");
    }

    private static bool TryWhole(HoconValue value, Type type, (decimal Least, decimal Greatest) range, bool isByteSize, out object? result, out string? problem)
    {
        result = null;
        decimal number;
        if (!isByteSize)
        {
            if (!HoconConvert.TryWhole(value, out number, out problem)) return false;
        }
        else if (HoconConvert.TrySize(value, out var bytes, out problem)) number = bytes;
        else return false;

        if (number < range.Least) problem = string.Create(CultureInfo.InvariantCulture, $"{number} is out of range; the smallest is {range.Least}");
        else if (number > range.Greatest) problem = string.Create(CultureInfo.InvariantCulture, $"{number} is out of range; the largest is {range.Greatest}");
        else result = Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        return result is not null;
    }

    private static bool TryUri(HoconValue value, out object? result, out string? problem)
    {
        result = null;
        if (!HoconConvert.TryString(value, out var text, out problem)) return false;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri)) result = uri;
        else problem = $"`{DiagnosticBag.Shorten(text)}` is no absolute URI, such as https://example.com/path";
        return result is not null;
    }

    private static bool Take(bool converted, object? value, out object? result)
    {
        result = value;
        return converted;
    }

    private static bool TryEnum(HoconValue value, Type type, out object? result, out string? problem)
    {
        result = null;
        if (!HoconConvert.TryString(value, out var text, out problem)) return false;
        var names = Enum.GetNames(type).ToDictionary(OptionKey.Kebab, StringComparer.OrdinalIgnoreCase);
        if (names.TryGetValue(text, out var name))
        {
            result = Enum.Parse(type, name);
            return true;
        }
        problem = $"`{DiagnosticBag.Shorten(text)}` is none of {string.Join(", ", names.Keys.Select(known => $"`{known}`"))}"
            + (Suggestion.For(text, names.Keys) is { } near ? $"; did you mean `{near}`?" : "");
        return false;
    }

    private static bool TryList(HoconValue value, Type type, Type item, bool isByteSize, out object? result, Action<HoconValue, string> report)
    {
        result = null;

        // One value stands for a list of one, as endpoints are mostly written.
        IReadOnlyList<HoconValue> values = [value];
        if (value is not HoconScalar && !HoconConvert.TryArray(value, out values, out var problem))
        {
            report(value, problem);
            return false;
        }

        var list = new List<object?>();
        foreach (var element in values)
        {
            if (TryConvert(element, item, isByteSize, out var converted, report)) list.Add(converted);
        }
        if (list.Count < values.Count) return false;
        result = OptionTypes.ListOf(type, item, list);
        return true;
    }

    private static bool TryMap(HoconValue value, Type item, bool isByteSize, out object? result, Action<HoconValue, string> report)
    {
        result = null;
        if (value is not HoconObject block)
        {
            report(value, "expected a block");
            return false;
        }
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), item))!;
        foreach (var field in block.Fields)
        {
            if (TryConvert(field.Value, item, isByteSize, out var converted, report)) map[field.Key] = converted;
        }
        if (map.Count < block.Fields.Count) return false;
        result = map;
        return true;
    }
}
