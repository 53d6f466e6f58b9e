using System.Globalization;

namespace MessageRouter.Cli.Controlling.Reports;

/// <summary>Numbers for people.</summary>
internal static class Amount
{
    private static readonly string[] Units = ["", "k", "M", "G", "T", "P", "E"];

    public static string Exactly(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>In at most five characters: <c>0</c>, <c>0.4</c>, <c>812</c>, <c>1.23k</c>, <c>98.7k</c>, <c>1.05M</c>.</summary>
    public static string Short(double number)
    {
        if (number is 0 or double.NaN) return "0";
        if (number < 9.95) return number == Math.Floor(number) ? Text(number, "0") : number < 0.05 ? "<0.1" : Text(number, "0.0");
        var unit = 0;
        for (; number >= 999.5 && unit < Units.Length - 1; unit++) number /= 1000;
        var shape = unit == 0 || number >= 99.95 ? "0" : number >= 9.995 ? "0.0" : "0.00";
        return Text(number, shape) + Units[unit];
    }

    /// <summary>A part of one: <c>0%</c>, <c>&lt;1%</c>, <c>36%</c>, <c>100%</c> only where it is all.</summary>
    public static string Percent(double part) => part switch
    {
        <= 0 or double.NaN => "0%",
        >= 1 => "100%",
        < 0.01 => "<1%",
        _ => Text(Math.Min(99, Math.Round(part * 100)), "0") + "%",
    };

    /// <summary>The two largest units of a time: <c>4.2s</c>, <c>45s</c>, <c>2m13s</c>, <c>3h05m</c>, <c>4d02h</c>.</summary>
    public static string Time(double seconds)
    {
        if (seconds < 9.95) return Text(Math.Max(0, seconds), "0.0") + "s";
        var whole = (long)seconds;
        return whole switch
        {
            < 60 => FormattableString.Invariant($"{whole}s"),
            < 3600 => FormattableString.Invariant($"{whole / 60}m{whole % 60:00}s"),
            < 86400 => FormattableString.Invariant($"{whole / 3600}h{whole / 60 % 60:00}m"),
            _ => FormattableString.Invariant($"{whole / 86400}d{whole / 3600 % 24:00}h"),
        };
    }

    private static string Text(double number, string shape) => number.ToString(shape, CultureInfo.InvariantCulture);
}
