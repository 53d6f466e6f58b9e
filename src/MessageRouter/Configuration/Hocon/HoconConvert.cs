using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MessageRouter.Configuration.Hocon;

/// <summary>
/// Turns values into what the program asks for, by the rules of HOCON. Each method either succeeds or names the
/// problem as a phrase for a message.
/// </summary>
internal static class HoconConvert
{
    public static bool TryString(HoconValue value, out string result, [NotNullWhen(false)] out string? problem)
    {
        result = (value as HoconScalar)?.Text ?? "";
        return Check(value is HoconScalar { Kind: not HoconScalarKind.Null }, value, "a string", out problem);
    }

    public static bool TryBoolean(HoconValue value, out bool result, [NotNullWhen(false)] out string? problem)
    {
        var text = Text(value);
        result = text is "true" or "yes" or "on";
        return Check(result || text is "false" or "no" or "off", value, "true or false", out problem);
    }

    public static bool TryInt64(HoconValue value, out long result, [NotNullWhen(false)] out string? problem)
    {
        result = 0;
        var fits = HoconQuantity.TryNumber(Text(value), out var number) && decimal.Truncate(number) == number
            && number is >= long.MinValue and <= long.MaxValue;
        if (fits)
        {
            result = (long)number;
        }

        return Check(fits, value, "a whole number", out problem);
    }

    public static bool TryWhole(HoconValue value, out decimal result, [NotNullWhen(false)] out string? problem)
    {
        var fits = HoconQuantity.TryNumber(Text(value), out result) && decimal.Truncate(result) == result;
        return Check(fits, value, "a whole number", out problem);
    }

    public static bool TryDecimal(HoconValue value, out decimal result, [NotNullWhen(false)] out string? problem) =>
        Check(HoconQuantity.TryNumber(Text(value), out result), value, "a number", out problem);

    public static bool TryDouble(HoconValue value, out double result, [NotNullWhen(false)] out string? problem)
    {
        result = 0;
        var fits = HoconQuantity.IsNumber(Text(value))
            && double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out result)
            && double.IsFinite(result);
        result = fits ? result : 0;
        return Check(fits, value, "a number", out problem);
    }

    /// <summary>A number with a unit; without one it is milliseconds. <c>infinite</c> has no end.</summary>
    public static bool TryDuration(HoconValue value, out TimeSpan result, [NotNullWhen(false)] out string? problem)
    {
        result = Timeout.InfiniteTimeSpan;
        problem = null;
        if (Text(value) == "infinite")
        {
            return true;
        }

        result = TimeSpan.Zero;
        if (!HoconQuantity.TryDuration(Text(value), out var ticks, out var tooLarge))
        {
            return Check(false, value, "a duration such as 200ms", out problem);
        }

        if (ticks < 0)
        {
            return Check(false, value, "a duration that is not negative", out problem);
        }

        if (tooLarge || ticks > long.MaxValue)
        {
            return Check(false, value, "a shorter duration", out problem);
        }

        result = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>A number with a unit; without one it is bytes. Fractions of a byte are dropped.</summary>
    public static bool TrySize(HoconValue value, out long result, [NotNullWhen(false)] out string? problem)
    {
        result = 0;
        if (!HoconQuantity.TrySize(Text(value), out var bytes, out var tooLarge))
        {
            return Check(false, value, "a size such as 16MiB", out problem);
        }

        if (bytes < 0)
        {
            return Check(false, value, "a size that is not negative", out problem);
        }

        if (tooLarge || bytes > long.MaxValue)
        {
            return Check(false, value, "a smaller size", out problem);
        }

        result = (long)bytes;
        problem = null;
        return true;
    }

    /// <summary>The elements of an array, or of an object whose keys are numbers, in the order of these.</summary>
    public static bool TryArray(
        HoconValue value, out IReadOnlyList<HoconValue> result, [NotNullWhen(false)] out string? problem)
    {
        result = value switch
        {
            HoconArray array => array.Items,
            HoconObject fields => [.. fields.Fields
                .Where(field => int.TryParse(field.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .OrderBy(field => int.Parse(field.Key, CultureInfo.InvariantCulture))
                .Select(field => field.Value)],
            _ => [],
        };
        return Check(value is HoconArray || result.Count > 0, value, "a list", out problem);
    }

    private static string Text(HoconValue value) =>
        value is HoconScalar { Kind: not HoconScalarKind.Null } scalar ? scalar.Text : "";

    private static bool Check(bool fine, HoconValue value, string expected, [NotNullWhen(false)] out string? problem)
    {
        problem = fine ? null : $"expected {expected}, found {Describe(value)}";
        return fine;
    }

    private static string Describe(HoconValue value) => value switch
    {
        HoconObject { Fields: [{ Key: "secret", Value: HoconObject }] } => "a secret; what a node shows of itself cannot be one",
        HoconObject => "an object",
        HoconArray => "a list",
        HoconScalar { Kind: HoconScalarKind.Null } => "null",
        HoconSecret => "a secret that is something else",
        HoconScalar { Text: "" } => "an empty string",
        HoconScalar scalar => $"`{DiagnosticBag.Shorten(scalar.Text)}`",
        _ => "something else",
    };
}
