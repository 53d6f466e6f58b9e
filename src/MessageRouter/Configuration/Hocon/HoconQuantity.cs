using System.Globalization;
using MessageRouter.Configuration.Hocon.Parsing;

namespace MessageRouter.Configuration.Hocon;

/// <summary>Numbers with a unit behind them.</summary>
internal static class HoconQuantity
{
    private const decimal Microsecond = TimeSpan.TicksPerMicrosecond;
    private const string Prefixes = "kmgtpezy";
    private static readonly string[] PrefixNames = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
    private static readonly string[] BinaryNames = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];

    public static bool IsNumber(string text) => NumberSyntax.IsNumber(text.AsSpan().Trim());

    public static bool TryNumber(string text, out decimal number)
    {
        number = 0;
        return IsNumber(text) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Ticks, rounded to the nearest; false when it is no duration at all.</summary>
    public static bool TryDuration(string text, out decimal ticks, out bool tooLarge)
    {
        if (!TrySplit(text, out var number, out var unit, out tooLarge))
        {
            ticks = 0;
            return false;
        }

        decimal? factor = unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => Microsecond / 1000,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => Microsecond,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            "w" or "week" or "weeks" => TimeSpan.TicksPerDay * 7m,
            _ => null,
        };
        ticks = decimal.Round(Multiply(number, factor ?? 0, ref tooLarge));
        return factor is not null;
    }

    /// <summary>Bytes, cut to whole ones; false when it is no size at all.</summary>
    public static bool TrySize(string text, out decimal bytes, out bool tooLarge)
    {
        bytes = 0;
        if (!TrySplit(text, out var number, out var unit, out tooLarge) || !TrySizeUnit(unit, out var thousand, out var power))
        {
            return false;
        }

        for (bytes = number; power > 0; power--)
        {
            bytes = Multiply(bytes, thousand, ref tooLarge);
        }

        bytes = decimal.Truncate(bytes);
        return true;
    }

    private static bool TrySizeUnit(string unit, out int thousand, out int power)
    {
        (thousand, power) = (1024, 0);
        if (unit is "" or "B" or "b" or "byte" or "bytes")
        {
            return true;
        }

        var stem = unit.EndsWith("bytes", StringComparison.Ordinal) ? unit[..^5]
            : unit.EndsWith("byte", StringComparison.Ordinal) ? unit[..^4]
            : null;
        if (stem is not null)
        {
            power = Array.IndexOf(BinaryNames, stem) + 1;
            thousand = power > 0 ? 1024 : 1000;
            power = power > 0 ? power : Array.IndexOf(PrefixNames, stem) + 1;
            return power > 0;
        }

        // K, k, Ki and KiB are powers of two; only kB, with a small k, is a power of ten.
        power = Prefixes.IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal) + 1;
        var upper = char.IsAsciiLetterUpper(unit[0]);
        thousand = unit.Length == 2 && unit[1] == 'B' ? 1000 : 1024;
        return power > 0 && unit[1..] switch
        {
            "" => true,
            "i" or "iB" => upper,
            "B" => upper != (power == 1),
            _ => false,
        };
    }

    private static bool TrySplit(string text, out decimal number, out string unit, out bool tooLarge)
    {
        text = text.Trim();
        var letters = text.Length;
        while (letters > 0 && char.IsLetter(text[letters - 1]))
        {
            letters--;
        }

        unit = text[letters..];
        var digits = text[..letters].TrimEnd();
        tooLarge = false;
        number = 0;
        if (!NumberSyntax.IsNumber(digits))
        {
            return false;
        }

        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            tooLarge = true;
            number = digits.StartsWith('-') ? -1 : 1;
        }

        return true;
    }

    private static decimal Multiply(decimal number, decimal factor, ref bool tooLarge)
    {
        if (factor > 1 && Math.Abs(number) > decimal.MaxValue / factor / 2)
        {
            tooLarge = true;
            return Math.Sign(number);
        }

        return number * factor;
    }
}
