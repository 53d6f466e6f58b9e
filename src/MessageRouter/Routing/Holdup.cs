using System.Globalization;
using MessageRouter.Components;

namespace MessageRouter.Routing;

/// <summary>Says of components that have not ended what keeps them, for who wants to know why a node does not stop.</summary>
internal static class Holdup
{
    /// <summary>Components that a line of the log names; a node may have thousands.</summary>
    private const int MostNamed = 8;

    /// <returns>Each component with its place in the file, what it is at and what it has; "nothing" where none of them has anything.</returns>
    public static string Describe(IEnumerable<ComponentCell> cells)
    {
        var found = cells.SelectMany(cell => cell.Pool is null ? [cell] : cell.Pool.Copies.Select(copy => copy.Cell).Prepend(cell))
            .Where(cell => !cell.HasEnded && (cell.BusySince is not null || !cell.Started.Task.IsCompleted || OwnQueue(cell) > 0 || cell.Unwritten > 0))
            .Select(Describe)
            .ToList();
        if (found.Count == 0) found = [.. cells.Where(cell => !cell.HasEnded).Select(cell => $"{cell.Name}: has not been told yet, or has not got to it")];
        if (found.Count == 0) return "nothing";
        var more = found.Count - MostNamed;
        return string.Join("; ", found.Take(MostNamed)) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $"; and {more} more") : "");
    }

    private static string Describe(ComponentCell cell)
    {
        var place = cell.Definition.Origin is { } origin ? $" ({origin})" : "";
        return $"{cell.Name}{place}: {string.Join(", ", Facts(cell))}";
    }

    private static IEnumerable<string> Facts(ComponentCell cell)
    {
        var culture = CultureInfo.InvariantCulture;
        if (cell.BusySince is { } since) yield return string.Create(culture, $"{(cell.IsOpen ? "at work on what it took last" : "opening or closing")} for {cell.Clock.GetElapsedTime(since).TotalSeconds:0.0} s");
        else if (!cell.Started.Task.IsCompleted) yield return "not open yet";
        else if (!cell.IsOpen && !cell.IsEnding) yield return "waits for its restart";
        if (cell.Counts.Held.Value is > 0 and var held) yield return string.Create(culture, $"holds {held}");
        if (OwnQueue(cell) - cell.Counts.Held.Value is > 0 and var waiting) yield return string.Create(culture, $"{waiting} wait for it");
        if (cell.Unwritten > cell.Counts.Held.Value) yield return string.Create(culture, $"peers have yet to take {cell.Unwritten}");
    }

    private static long OwnQueue(ComponentCell cell) => cell.Queued - (cell.Pool?.Queued ?? 0);
}
