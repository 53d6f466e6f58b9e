using System.Globalization;

namespace MessageRouter.Control.Graphs;

/// <summary>Numbers as graphs show them: three digits at most, since they are glanced at.</summary>
internal static class GraphNumbers
{
    public static string Rate(double rate) => $"{Short(rate)}/s";

    public static string Short(double number)
    {
        var (value, unit) = number switch
        {
            >= 999.5e6 => (number / 1e9, "G"),
            >= 999.5e3 => (number / 1e6, "M"),
            >= 999.5 => (number / 1e3, "k"),
            _ => (number, ""),
        };
        var format = value == 0 || value >= 99.95 || (value >= 9.95 && unit.Length == 0) ? "0" : unit.Length > 0 ? "0.0" : "0.#";
        return value.ToString(format, CultureInfo.InvariantCulture) is "0" && number > 0 ? "<0.1" : value.ToString(format, CultureInfo.InvariantCulture) + unit;
    }

    public static string Percent(double part) => (part is > 0 and < 0.005 ? "<1" : Math.Round(part * 100).ToString(CultureInfo.InvariantCulture)) + " %";

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>What is lost by a component, by reason, that which is lost now first: <c>12/s mailbox-full (3,210)</c>; empty where nothing ever was.</summary>
    public static string Drops(GraphNode node) => string.Join(", ", node.Dropped
        .Where(pair => pair.Value > 0)
        .Select(pair => (Reason: pair.Key, Count: pair.Value, Rate: node.DroppedRate.GetValueOrDefault(pair.Key)))
        .OrderByDescending(drop => drop.Rate).ThenByDescending(drop => drop.Count).ThenBy(drop => drop.Reason, StringComparer.Ordinal)
        .Select(drop => drop.Rate > 0 ? $"{Rate(drop.Rate)} {drop.Reason} ({Count(drop.Count)})" : $"{Count(drop.Count)} {drop.Reason}"));

    /// <summary>What is lost on one edge: the rate, and the reasons that there have been.</summary>
    public static string Drops(GraphEdge edge) =>
        edge.Dropped.Values.Sum() == 0 ? "" : $"{(edge.DroppedRate > 0 ? Rate(edge.DroppedRate) : Count(edge.Dropped.Values.Sum()))} dropped: {string.Join(", ", edge.Dropped.Where(pair => pair.Value > 0).Select(pair => pair.Key).Order(StringComparer.Ordinal))}";

    /// <summary>How wide an edge is drawn: by its decades, from one message a second on.</summary>
    public static double EdgeWidth(double rate) => rate <= 0 ? 1 : Math.Round(Math.Min(7, 1.5 + (Math.Max(0, Math.Log10(rate)) * 0.9)), 1);

    public static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
