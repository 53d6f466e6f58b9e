using System.Globalization;

namespace MessageRouter;

/// <summary>Times for people: <c>500 ms</c>, <c>2.5 s</c>, <c>1 h 30 min</c>.</summary>
internal static class TimeText
{
    public static string Of(TimeSpan time)
    {
        var culture = CultureInfo.InvariantCulture;
        if (time < TimeSpan.FromSeconds(1)) return string.Create(culture, $"{time.TotalMilliseconds:0.###} ms");
        if (time < TimeSpan.FromMinutes(2)) return string.Create(culture, $"{time.TotalSeconds:0.###} s");
        return time < TimeSpan.FromHours(1)
            ? string.Create(culture, $"{time.TotalMinutes:0.#} min")
            : string.Create(culture, $"{Math.Floor(time.TotalHours)} h{(time.Minutes > 0 ? $" {time.Minutes} min" : "")}");
    }
}
