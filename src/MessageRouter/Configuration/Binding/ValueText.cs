using System.Collections;
using System.Globalization;

namespace MessageRouter.Configuration.Binding;

/// <summary>Values as one would write them in a configuration.</summary>
internal static class ValueText
{
    private static readonly (long Ticks, string Unit)[] Durations =
    [
        (TimeSpan.TicksPerDay, "d"), (TimeSpan.TicksPerHour, "h"), (TimeSpan.TicksPerMinute, "m"), (TimeSpan.TicksPerSecond, "s"),
        (TimeSpan.TicksPerMillisecond, "ms"), (TimeSpan.TicksPerMicrosecond, "us"),
    ];

    private static readonly (long Bytes, string Unit)[] Sizes = [(1L << 40, "TiB"), (1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB")];

    /// <summary>The text; empty for no value.</summary>
    public static string Of(object? value, bool isByteSize = false) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        TimeSpan duration => Of(duration),
        Enum choice => OptionKey.Kebab(choice.ToString()),
        int or long when isByteSize => Size(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        string text => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : Quoted(text),
        Uri uri => Quoted(uri.OriginalString),
        IDictionary { Count: 0 } => "{}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(item => Of(item, isByteSize)))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Of(TimeSpan duration)
    {
        if (duration == Timeout.InfiniteTimeSpan) return "infinite";
        if (duration == TimeSpan.Zero) return "0s";
        var (ticks, unit) = Durations.FirstOrDefault(candidate => duration.Ticks % candidate.Ticks == 0, (1, ""));
        return unit.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds}us")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
    }

    private static string Size(long bytes)
    {
        var (size, unit) = Sizes.FirstOrDefault(candidate => bytes != 0 && bytes % candidate.Bytes == 0, (1, "B"));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    private static string Quoted(string text) =>
        text.Contains('"', StringComparison.Ordinal) ? $"\"\"\"{text}\"\"\"" : $"\"{text}\"";
}
