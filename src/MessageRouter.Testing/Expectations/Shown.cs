using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Expectations;

/// <summary>Messages and their parts as failures show them.</summary>
internal static class Shown
{
    private const int Longest = 200;

    public static string Of(JToken? value) => value is null ? "nothing" : Cut(value.ToString(Formatting.None));

    public static string Cut(string text) => text.Length <= Longest ? text : text[..Longest] + "…";

    public static string Count(long count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    /// <summary>A time as the files have it.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        _ when time.TotalMilliseconds < 1000 => FormattableString.Invariant($"{time.TotalMilliseconds:0.###}ms"),
        _ when time.TotalSeconds < 600 => FormattableString.Invariant($"{time.TotalSeconds:0.###}s"),
        _ when time.TotalMinutes < 600 => FormattableString.Invariant($"{time.TotalMinutes:0.###}m"),
        _ => FormattableString.Invariant($"{time.TotalHours:0.###}h"),
    };
}
