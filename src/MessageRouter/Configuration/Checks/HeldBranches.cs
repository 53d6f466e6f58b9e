using MessageRouter.Components;
using MessageRouter.Mailboxes;

namespace MessageRouter.Configuration.Checks;

/// <summary>
/// Finds who is told to wait where its senders cannot: what comes in is then dropped for all that these feed, although only one of them is slow.
/// Where all of them wait it is what was meant.
/// </summary>
internal static class HeldBranches
{
    public static IEnumerable<Diagnostic> Find(Flow flow)
    {
        // The nearest component, itself or before it, that is held up along with others that it feeds and that are not to wait.
        var forks = new Dictionary<string, (ComponentDefinition Fork, IReadOnlyList<ComponentDefinition> Others)?>();
        var said = new HashSet<string>();
        foreach (var component in flow.InOrder)
        {
            var held = flow.FeedersOf(component).Where(feeder => flow.PolicyOf(feeder, component) == Overflow.Wait).Select(feeder => forks[feeder.Name]).FirstOrDefault(fork => fork is not null);
            List<ComponentDefinition> others = [.. flow.TargetsOf(component).Where(target => flow.PolicyOf(component, target) != Overflow.Wait)];
            forks[component.Name] = !flow.CannotWait(component) ? null : others.Count > 0 ? (component, others) : held;
            if (component.Role == ComponentRole.Input || component.Mailbox.Overflow != Overflow.Wait || held is not { } found || !said.Add(found.Fork.Name)) continue;
            yield return new Diagnostic(
                DiagnosticSeverity.Warning,
                $"{component.Role.Word()} `{component.Name}` has its senders wait when it is full, and {Described(found.Fork)}: then {string.Join(", ", found.Others.Select(other => $"`{other.Name}`"))} would get nothing either",
                component.Origin,
                $"leave `overflow` out, and only `{component.Name}` loses what it has no room for");
        }
    }

    private static string Described(ComponentDefinition fork) =>
        fork.Role == ComponentRole.Input ? $"input `{fork.Name}` cannot" : $"what feeds {fork.Role.Word()} `{fork.Name}` cannot";
}
