using MessageRouter.Components;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Workers;

namespace MessageRouter.Reloading;

/// <summary>Compares a new configuration with the one in force, and decides what becomes of each block.</summary>
internal sealed class Planner(Topology topology, Workforce workforce)
{
    public ReloadPlan Plan(NodeDefinition next)
    {
        var now = topology.Definition;
        var cells = topology.Components.ToDictionary(cell => cell.Name);
        var blocks = next.Components.Select(component => Block(cells.GetValueOrDefault(component.FullName), component))
            .Append(Block(topology.Errors, next.Errors))
            .Concat(Groups(now, next))
            .Concat(topology.Components.Where(cell => next.Components.All(component => component.FullName != cell.Name)).Select(Removed))
            .ToList();
        return new ReloadPlan
        {
            Revision = topology.Revision + 1,
            HashBefore = now.ConfigurationHash,
            Hash = next.ConfigurationHash,
            Blocks = blocks,
            NodeKeys = [.. Differences.Changeable(now, next)],
            NeedsRestart = [.. Differences.Fixed(now, next)],
            Obstacles = [.. Moves(next).Select(move => move.Problem)],
            Definition = next with
            {
                Name = now.Name,
                Control = now.Control,
                Cluster = now.Cluster,
                AkkaHocon = now.AkkaHocon,
                AkkaOrigin = now.AkkaOrigin,
                Components = [.. next.Components.Select(component => blocks.First(block => block.Name == component.FullName).Next!)],
                Errors = blocks.First(block => block.Name == next.Errors.FullName).Next!,
            },
        };
    }

    private static BlockPlan Block(ComponentCell? cell, ComponentDefinition next)
    {
        var plan = new BlockPlan { Name = next.FullName, Action = BlockAction.Added, Effect = "", Next = next, Cell = cell, Place = next.Origin?.ToString(), Waiting = cell?.Queued ?? 0 };
        if (cell is null) return plan with { Effect = "is started before anything is sent to it", Reopened = [.. Endpoints(next)] };

        var now = cell.Definition;
        var keys = Differences.Between(now, next);

        // The instances at work go on, and those after them, with the classes that they were made of.
        var same = next with { Type = now.Type, Options = keys.Count == 0 ? now.Options : next.Options };
        var startsAgain = !cell.HasEnded && cell.Pool?.Copies.Any(copy => copy.State == PoolCopyState.Stopped) == true;
        if (keys.Count == 0 && !cell.StoppedByFailure && !startsAgain) return plan with { Action = BlockAction.Untouched, Next = same, Effect = "" };
        if (!cell.HasEnded && !cell.StoppedByFailure && (now.Options as IChangesWhereItCan)?.CanBecome(next.Options!) != false && Differences.AreLive(cell.Pool is null || now.IsPool ? now : now with { Route = PoolRoute.RoundRobin }, keys))
        {
            var left = Endpoints(now).Except(Endpoints(next)).ToList();
            return plan with
            {
                Action = BlockAction.ChangedInPlace,
                Keys = keys,
                Next = same,
                StartsAgain = startsAgain,
                Effect = InPlace(keys, startsAgain, left.Count > 0),
                Reopened = [.. Endpoints(next).Except(Endpoints(now))],
                Closed = left,
                Disconnected = [.. Peers(cell).Intersect(left)],
            };
        }
        var opensInTurn = next.Options is IOpensInTurn && now.Options is IOpensInTurn;
        var isOpen = !cell.StoppedByFailure;
        return plan with
        {
            Action = BlockAction.Replaced,
            Keys = keys,
            InTurn = opensInTurn || Owned(now).Any(address => Owned(next).Any(address.ClashesWith)),
            Effect = isOpen ? Waits(plan.Waiting) : "had been stopped, and is started again; what is sent to it before that is dropped",
            Reopened = [.. Endpoints(next).Where(endpoint => !isOpen || !IsHandedOn(now, endpoint))],
            Closed = [.. isOpen ? Endpoints(now).Except(Endpoints(next)) : []],
            Disconnected = Peers(cell),
        };
    }

    /// <summary>What a component is to listen on that another one listens on now: that one gives it up only when the new configuration is in force.</summary>
    public IEnumerable<(ComponentDefinition Component, OwnedAddress Address, string Problem)> Moves(NodeDefinition next)
    {
        foreach (var component in next.Components.Where(component => component.Options is IOwnsAddresses))
        {
            foreach (var holder in topology.Components.Where(cell => cell.Name != component.FullName && !cell.HasEnded))
            {
                foreach (var address in Owned(component).Where(address => address.Scheme != "file" && Owned(holder.Definition).Any(address.ClashesWith)))
                    yield return (component, address, $"{component.FullName} is to have {address}, which {holder.Name} has until the reload is done; change the two in two reloads, one after the other");
            }
        }
    }

    private BlockPlan Removed(ComponentCell cell) => new()
    {
        Name = cell.Name,
        Action = BlockAction.Removed,
        Cell = cell,
        Place = cell.Definition.Origin?.ToString(),
        Waiting = cell.Queued,
        Closed = [.. Endpoints(cell.Definition)],
        Disconnected = Peers(cell),
        Effect = $"gets nothing more and has {Readable(topology.Definition.DrainTimeout)} for what it has{(cell.Queued > 0 ? $", now {Messages(cell.Queued)}" : "")}; what is left then is dropped and counted as reload",
    };

    private IEnumerable<BlockPlan> Groups(NodeDefinition now, NodeDefinition next)
    {
        foreach (var group in next.Workers)
        {
            var plan = new BlockPlan { Name = $"workers.{group.Name}", Action = BlockAction.Added, Effect = "its processes are started", Group = group, Place = group.Origin?.ToString() };
            if (now.Workers.FirstOrDefault(known => known.Name == group.Name) is { } known)
            {
                var keys = Differences.Between(known, group);
                var startsAgain = workforce.Groups.Any(running => running.Definition.Name == group.Name && running.Cells.Any(cell => cell.IsGivenUp));
                plan = keys.Count == 0 && !startsAgain ? plan with { Action = BlockAction.Untouched, Effect = "" }
                    : keys.All(Differences.IsOfInstances) ? plan with { Action = BlockAction.ChangedInPlace, Keys = keys, Effect = InPlace(keys.Count > 0, startsAgain) }
                    : plan with { Action = BlockAction.Replaced, Keys = keys, Effect = "its processes are replaced one after the other" };
            }
            yield return plan;
        }
        foreach (var group in now.Workers.Where(group => next.Workers.All(known => known.Name != group.Name)))
            yield return new BlockPlan { Name = $"workers.{group.Name}", Action = BlockAction.Removed, Effect = "its processes are stopped", Group = group, Place = group.Origin?.ToString() };
    }

    private static string InPlace(bool isResized, bool startsAgain) =>
        (isResized ? "processes are started, or surplus ones stopped; " : "") + (startsAgain ? "those that had been given up are started again; " : "") + "the others go on";

    private static string InPlace(IReadOnlyList<string> keys, bool startsAgain, bool closes) =>
        (keys.Any(Differences.IsOfInstances) ? "goes on; copies are started, or surplus ones finish what they have and end"
            : keys.Count > 0 ? "goes on, and takes what has changed between two messages"
            : "goes on")
        + (startsAgain ? "; copies that had been stopped are started again" : "")
        + (closes ? "; peers at what it closes are disconnected, the others stay" : "");

    private static string Waits(long waiting) => waiting == 0
        ? "the new one begins when the old one has finished what it has in hand"
        : $"{Messages(waiting)} wait: the new one takes them over, in order, when the old one has finished what it has in hand";

    private static string Messages(long count) => count == 1 ? "1 message" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} messages");

    private static string Readable(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? "all the time" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static IEnumerable<OwnedAddress> Owned(ComponentDefinition component) => (component.Options as IOwnsAddresses)?.OwnedAddresses ?? [];

    /// <summary>All that it opens: what it listens on and connects to, files.</summary>
    private static IEnumerable<string> Endpoints(ComponentDefinition component) => Owned(component).Select(address => address.ToString()).Concat((component.Options as IConnects)?.Endpoints ?? []);

    /// <summary>Whether an endpoint stays open from one component to the next.</summary>
    private static bool IsHandedOn(ComponentDefinition former, string endpoint) => Owned(former).Any(address => address.Scheme != "file" && address.ToString() == endpoint);

    private static IReadOnlyList<string> Peers(ComponentCell cell) => [.. cell.Connections?.Invoke().Select(connection => connection.Peer) ?? []];
}
