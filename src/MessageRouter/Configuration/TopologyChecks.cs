using MessageRouter.Components;

namespace MessageRouter.Configuration;

/// <summary>Finds what is wrong with how components are connected, before anything starts.</summary>
internal static class TopologyChecks
{
    /// <param name="components">The components that could be read.</param>
    /// <param name="unreadable">The names of the others. What they would feed is not known, so nobody is called unfed then.</param>
    /// <param name="router">Where the router's block is named.</param>
    public static IEnumerable<Diagnostic> Check(IReadOnlyList<ComponentDefinition> components, IReadOnlyCollection<string> unreadable, SourceSpan? router)
    {
        var findings = new List<Diagnostic>();
        if (unreadable.Count == 0 && components.All(component => component.Role != ComponentRole.Input)) Error("the router has no inputs", router);

        var byName = new Dictionary<string, ComponentDefinition>();
        foreach (var component in components)
        {
            if (!byName.TryAdd(component.Name, component))
                Error($"{Describe(component)} has the same name as {Describe(byName[component.Name])}", component.Origin, "names are unique over inputs, filters and outputs");
        }

        CheckTargets(components, unreadable, byName, Error);
        if (unreadable.Count > 0 || byName.Count < components.Count || !components.All(component => component.To.All(byName.ContainsKey))) return findings;

        CheckCycles(components, byName, Error);
        CheckEndpoints(components, Error);
        return findings;

        void Error(string message, SourceSpan? span, string? hint = null) => findings.Add(new Diagnostic(DiagnosticSeverity.Error, message, span, hint));
    }

    private static void CheckTargets(IReadOnlyList<ComponentDefinition> components, IReadOnlyCollection<string> unreadable, Dictionary<string, ComponentDefinition> byName, Action<string, SourceSpan?, string?> error)
    {
        var targets = components.Where(component => component.Role != ComponentRole.Input).Select(component => component.Name).ToList();
        var fed = new HashSet<string>();
        foreach (var component in components)
        {
            if (component.Role != ComponentRole.Output && component.To.Count == 0)
                error($"{Describe(component)} feeds nothing", component.Origin, "name filters or outputs in its `to`");
            var own = new HashSet<string>();
            for (var i = 0; i < component.To.Count; i++)
            {
                var to = component.To[i];
                var span = i < component.ToSpans.Count ? component.ToSpans[i] : component.Origin;
                if (unreadable.Contains(to)) continue;
                if (!byName.TryGetValue(to, out var target))
                    error($"{Describe(component)} sends to `{to}`, which does not exist", span, Suggestion.For(to, targets.Concat(unreadable)) is { } near ? $"did you mean `{near}`?" : null);
                else if (target.Role == ComponentRole.Input)
                    error($"{Describe(component)} sends to {Describe(target)}", span, "only filters and outputs take messages");
                else if (!own.Add(to))
                    error($"{Describe(component)} sends to `{to}` twice", span, null);
                else
                    fed.Add(to);
            }
        }
        if (unreadable.Count > 0) return;
        foreach (var component in components.Where(component => component.Role != ComponentRole.Input && !fed.Contains(component.Name)))
            error($"nothing feeds {Describe(component)}", component.Origin, "name it in the `to` of an input or filter");
    }

    private static void CheckCycles(IReadOnlyList<ComponentDefinition> components, Dictionary<string, ComponentDefinition> byName, Action<string, SourceSpan?, string?> error)
    {
        // Kahn's algorithm: what cannot be ordered is in a cycle or behind one.
        var waitingFor = components.ToDictionary(component => component.Name, _ => 0);
        foreach (var to in components.SelectMany(component => component.To)) waitingFor[to]++;
        var ready = new Queue<string>(waitingFor.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        while (ready.TryDequeue(out var name))
        {
            waitingFor.Remove(name);
            foreach (var to in byName[name].To)
            {
                if (--waitingFor[to] == 0) ready.Enqueue(to);
            }
        }
        if (waitingFor.Count == 0) return;

        // Every node left has a successor left that leads back into the cycle; walking them must meet one again.
        var path = new List<string>();
        var next = waitingFor.Keys.First(name => byName[name].To.Any(waitingFor.ContainsKey));
        while (!path.Contains(next))
        {
            path.Add(next);
            next = components.First(feeder => waitingFor.ContainsKey(feeder.Name) && feeder.To.Contains(next)).Name;
        }
        var cycle = path.Skip(path.IndexOf(next)).Reverse().ToList();
        cycle.Insert(0, cycle[^1]);
        error($"messages would go round for ever: {string.Join(" → ", cycle)}", byName[cycle[0]].Origin, null);
    }

    private static void CheckEndpoints(IReadOnlyList<ComponentDefinition> components, Action<string, SourceSpan?, string?> error)
    {
        var taken = new List<(OwnedAddress Address, ComponentDefinition Owner)>();
        foreach (var component in components)
        {
            foreach (var address in (component.Options as IOwnsAddresses)?.OwnedAddresses ?? [])
            {
                if (taken.FirstOrDefault(other => other.Address.ClashesWith(address)) is { Owner: not null } clash)
                    error($"{Describe(component)} takes {address}, which {(clash.Owner == component ? "it lists already" : $"{Describe(clash.Owner)} has taken")}", component.Origin, "one component each");
                taken.Add((address, component));
            }
        }
    }

    private static string Describe(ComponentDefinition component) => $"{component.Role.Word()} `{component.Name}`";
}
