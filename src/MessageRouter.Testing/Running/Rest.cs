using MessageRouter.Components;
using MessageRouter.Testing.Conditions;

namespace MessageRouter.Testing.Running;

/// <summary>Says whether a node has anything left to do.</summary>
internal static class Rest
{
    /// <summary>The components that have messages and are held up by nothing that lasts for ever: those may yet go on.</summary>
    public static IEnumerable<ComponentCell> Busy(IEnumerable<ComponentCell> cells, TimeSpan elapsed) =>
        cells.Where(cell => cell.Queued > 0 && !IsStuck(cell, elapsed) && !WaitsForOthers(cell));

    /// <summary>Whether work is under way that the actors do not see: on other threads, or until a time comes.</summary>
    public static bool IsAwaited(IEnumerable<ComponentCell> cells) =>
        cells.Any(cell => cell.Definition.Type.IsAsync && (Holds(cell) || (cell.Pool?.Copies.Any(copy => Holds(copy.Cell)) ?? false)));

    private static bool Holds(ComponentCell cell) => cell.Counts.Held.Value > 0;

    private static bool IsStuck(ComponentCell cell, TimeSpan elapsed) =>
        cell.Definition.Options is OutputDouble.Options options && options.IsStuckForGood(elapsed);

    /// <summary>Where its targets keep it from going on, they have the messages that count.</summary>
    private static bool WaitsForOthers(ComponentCell cell) =>
        !cell.Outbox.IsEmpty || (cell.Pool?.Copies.Any(copy => !copy.Cell.Outbox.IsEmpty) ?? false);
}
