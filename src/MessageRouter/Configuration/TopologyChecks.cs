using MessageRouter.Components;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Configuration;

/// <summary>Finds what is wrong with how components are connected, before anything starts.</summary>
/// <param name="binder">Takes what is found.</param>
/// <param name="components">What could be read of all components.</param>
/// <param name="isWhole">Whether there can be no others. Where there can, nobody is called unfed.</param>
internal sealed class TopologyChecks(OptionsBinder binder, IReadOnlyList<ComponentReading> components, bool isWhole)
{
    /// <summary>Components and copies of filters: each is an actor with a mailbox, some ten kilobytes.</summary>
    private const int MostActors = 20_000;

    /// <summary>Each copy has connections of its own.</summary>
    private const int MostConnections = 200_000;

    private const int LongestCycle = 8;
    private readonly Dictionary<string, ComponentReading> _byName = [];
    private readonly HashSet<ComponentReading> _fed = new(ReferenceEqualityComparer.Instance);

    /// <param name="router">Where the router's block is named.</param>
    public void Check(SourceSpan router)
    {
        if (isWhole && components.All(component => component.Role != ComponentRole.Input)) binder.Error("the router has no inputs", router);
        foreach (var component in components)
        {
            if (!_byName.TryAdd(component.Name, component))
                binder.Error($"{component} has the same name as {_byName[component.Name]}", component.Origin, "names are unique over inputs, filters and outputs");
        }
        CheckSize();
        CheckTargets();
        CheckFed();
        CheckCycles();
        CheckAddresses();
    }

    private void CheckSize()
    {
        long actors = 0, connections = 0;
        foreach (var component in components)
        {
            var copies = component.Definition?.Instances ?? 1;
            actors += copies;
            connections += (long)copies * component.To.Count;
            if (actors <= MostActors && connections <= MostConnections) continue;
            binder.Error(
                actors > MostActors
                    ? $"with {component} there are more than {MostActors} components and copies of filters"
                    : $"with {component} there are more than {MostConnections} connections between components and copies of filters",
                component.Origin, "take fewer `instances`, or divide the node into several");
            return;
        }
    }

    private void CheckTargets()
    {
        var targets = components.Where(component => component.Role != ComponentRole.Input).Select(component => component.Name).ToList();
        foreach (var component in components)
        {
            if (component.Role != ComponentRole.Output && component.ToIsKnown && component.To.Count == 0)
                binder.Error($"{component} feeds nothing", component.ToPlace, "name filters or outputs in its `to`");
            var own = new HashSet<string>();
            foreach (var (to, span) in component.To)
            {
                if (_byName.TryGetValue(to, out var target))
                {
                    if (target.Role == ComponentRole.Input) binder.Error($"{component} sends to {target}", span, "only filters and outputs take messages");
                    else if (!own.Add(to)) binder.Error($"{component} sends to `{to}` twice", span);
                    else _fed.Add(target);
                    continue;
                }
                var near = binder.HasEnough ? null : Suggestion.For(to, targets);
                binder.Error($"{component} sends to `{Hocon.DiagnosticBag.Shorten(to)}`, which does not exist", span, near is null ? null : $"did you mean `{near}`?");
                if (near is not null) _fed.Add(_byName[near]);
            }
        }
    }

    private void CheckFed()
    {
        if (!isWhole || components.Any(component => !component.ToIsKnown)) return;
        foreach (var component in components.Where(component => component.Role != ComponentRole.Input && !_fed.Contains(component)))
        {
            // Of two with one name the second can have no feeder; that it has the name is what is wrong.
            if (_byName[component.Name] == component) binder.Error($"nothing feeds {component}", component.Origin, "name it in the `to` of an input or filter");
        }
    }

    private void CheckCycles()
    {
        // Kahn's algorithm: what cannot be ordered is in a cycle or behind one.
        var waitingFor = components.ToDictionary(component => component, _ => 0, (IEqualityComparer<ComponentReading>)ReferenceEqualityComparer.Instance);
        foreach (var (_, target, _) in Connections()) waitingFor[target]++;
        var ready = new Queue<ComponentReading>(waitingFor.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        while (ready.TryDequeue(out var component))
        {
            waitingFor.Remove(component);
            foreach (var (_, target, _) in ConnectionsOf(component))
            {
                if (--waitingFor[target] == 0) ready.Enqueue(target);
            }
        }
        if (waitingFor.Count == 0) return;

        // Every one that is left has a feeder that is left; walking back from one to the next must meet one again.
        var feeder = new Dictionary<ComponentReading, (ComponentReading From, SourceSpan Place)>(ReferenceEqualityComparer.Instance);
        foreach (var (from, target, place) in Connections().Where(connection => waitingFor.ContainsKey(connection.From))) feeder.TryAdd(target, (from, place));
        var path = new List<ComponentReading>();
        var met = new HashSet<ComponentReading>(ReferenceEqualityComparer.Instance);
        var next = waitingFor.Keys.First();
        for (; met.Add(next); next = feeder[next].From) path.Add(next);
        var cycle = path.Skip(path.IndexOf(next)).Reverse().ToList();
        cycle.Insert(0, cycle[^1]);
        var names = cycle.Count <= LongestCycle ? cycle.Select(component => component.Name) : cycle.Take(LongestCycle).Select(component => component.Name).Append("…");

        // Where one of them was given its targets elsewhere than its block, that is what makes the cycle.
        var links = cycle.Skip(1).Select(component => feeder[component]).ToList();
        var culprit = links.FindIndex(link => link.Place.Source != link.From.Origin.Source);
        binder.Error($"messages would go round for ever: {string.Join(" → ", names)}", links[Math.Max(0, culprit)].Place);
    }

    private void CheckAddresses()
    {
        // Only what has the same port, or the same name, can clash.
        var taken = new Dictionary<(string Scheme, string Key), List<(OwnedAddress Address, ComponentReading Owner)>>();
        foreach (var component in components)
        {
            foreach (var address in (component.Definition?.Options as IOwnsAddresses)?.OwnedAddresses ?? [])
            {
                if (!taken.TryGetValue(address.Slot, out var others)) taken[address.Slot] = others = [];
                if (others.Find(other => other.Address.ClashesWith(address)) is { Owner: { } owner })
                    binder.Error($"{component} takes {address}, which {(owner == component ? "it lists already" : $"{owner} has taken")}", component.Definition!.PlaceOf(address.Written), "one component each");
                else others.Add((address, component));
            }
        }
    }

    private IEnumerable<(ComponentReading From, ComponentReading Target, SourceSpan Place)> Connections() => components.SelectMany(ConnectionsOf);

    private IEnumerable<(ComponentReading From, ComponentReading Target, SourceSpan Place)> ConnectionsOf(ComponentReading from)
    {
        foreach (var (to, place) in from.To)
        {
            if (_byName.TryGetValue(to, out var target) && target.Role != ComponentRole.Input) yield return (from, target, place);
        }
    }
}
