using System.Globalization;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;

namespace MessageRouter.Monitoring;

/// <summary>What a component is at, in one word, and who holds it up: found out by looking, without asking the component.</summary>
internal sealed class ComponentState
{
    /// <summary>What nobody need know of: a component that has just taken something.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Dictionary<BoundedMailbox, ComponentCell> _byMailbox = [];

    public ComponentState(Topology topology)
    {
        foreach (var cell in topology.All) _byMailbox[cell.Mailbox] = cell;
    }

    /// <summary>All words that there are.</summary>
    public static IReadOnlyList<string> All { get; } = ["starting", "running", "blocked", "paused", "backing-off", "standby", "set-aside", "ending", "ended", "stopped"];

    public static string Of(ComponentCell cell)
    {
        if (cell.StoppedByFailure) return "stopped";
        if (cell.HasEnded) return "ended";
        if (!cell.Started.Task.IsCompletedSuccessfully) return "starting";
        if (cell.Pool is { } pool && Live(pool).ToList() is { Count: > 0 } copies)
        {
            if (copies.All(copy => copy.State == PoolCopyState.SetAside)) return "set-aside";
            if (copies.All(copy => copy.State is PoolCopyState.Failed or PoolCopyState.Stopped)) return "stopped";
            if (copies.All(copy => copy.State == PoolCopyState.Running && !copy.Cell.IsOpen)) return "backing-off";
        }
        if (cell.IsEnding) return "ending";
        if (!cell.IsOpen) return cell.Turn is not null && cell.OpensAgainAt is null ? "standby" : "backing-off";
        if (Blocking(cell).Any()) return "blocked";
        return cell.Pool is null && cell.Mailbox.Paused.HasFlag(PauseReasons.Busy) ? "paused" : "running";
    }

    /// <summary>Who is at the end of the chain of those that wait for one another; null where the component waits for nobody.</summary>
    public WaitingFor? WaitsFor(ComponentCell cell)
    {
        var path = new List<ComponentCell>();
        for (var next = cell; Slowest(next) is { } target && target != cell && !path.Contains(target); next = target) path.Add(target);
        if (path.Count > 0) return new WaitingFor(path[^1].Name, Why(path[^1]), [.. path.Select(waiting => waiting.Name)]);

        // Nobody that it sends to: what comes in waits for the node's memory, or for somebody outside.
        if (cell.Intake is { } intake && intake.Edge.Waiting.Value > 0 && cell.Counts.Memory.IsFull) return new WaitingFor("router", "has as much waiting as memory.limit allows", ["router"]);
        return Of(cell) is "paused" or "backing-off" or "set-aside" && cell.Queued > 0 ? new WaitingFor(cell.Name, Why(cell), [cell.Name]) : null;
    }

    private ComponentCell? Slowest(ComponentCell cell) =>
        Blocking(cell).OrderByDescending(edge => edge.Waiting.Value).Select(edge => _byMailbox.GetValueOrDefault(edge.Target)).FirstOrDefault(target => target is not null);

    /// <summary>The edges that keep messages since their targets have no room.</summary>
    private static IEnumerable<Edge> Blocking(ComponentCell cell) =>
        (cell.Pool is { } pool ? pool.Copies.SelectMany(copy => copy.Cell.Outbox.Edges) : cell.Outbox.Edges).Where(edge => edge.Waiting.Value > 0);

    private static string Why(ComponentCell cell)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (Of(cell))
        {
            case "stopped": return "was stopped by its supervision";
            case "ended" or "ending": return "is ending";
            case "starting": return "is not open yet";
            case "set-aside": return $"keeps failing{Because(cell)}";
            case "backing-off":
                var left = cell.OpensAgainAt is { } at ? cell.Clock.GetElapsedTime(cell.Clock.GetTimestamp(), at).TotalSeconds : 0;
                return string.Create(culture, $"waits {Math.Max(0, left):0.0} s for its restart{Because(cell)}");
        }
        if (Busiest(cell) is { } since && cell.Clock.GetElapsedTime(since) is var busy && busy >= Moment) return string.Create(culture, $"has been at work on what it took last for {busy.TotalSeconds:0.0} s");
        if (cell.Pool is null && cell.Workers?.Invoke() is { } peers)
        {
            if (peers.All(peer => peer.State is "connecting" or "gone")) return "has no peer that takes messages";
            if (peers.Where(peer => peer.State is not ("connecting" or "gone")).All(peer => peer.State == "busy"))
                return $"has no peer that takes more: {string.Join(", ", peers.Where(peer => peer.State == "busy").Take(3).Select(peer => peer.Name))}";
        }
        return cell.Mailbox.Paused.HasFlag(PauseReasons.Busy) ? "takes no more until what it has is written" : "is slower than what comes to it";
    }

    private static long? Busiest(ComponentCell cell) =>
        cell.Pool is { } pool ? pool.Copies.Select(copy => copy.Cell.BusySince).Where(since => since is not null).DefaultIfEmpty(cell.BusySince).Min() : cell.BusySince;

    private static string Because(ComponentCell cell) =>
        (cell.LastError ?? cell.Pool?.Copies.Select(copy => copy.Cell.LastError).FirstOrDefault(error => error is not null)) is { } error ? $" after: {error}" : "";

    private static IEnumerable<PoolCopy> Live(Pool pool) => pool.Copies.Where(copy => copy.State != PoolCopyState.Ended);
}
