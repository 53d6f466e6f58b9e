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
        foreach (var waiting in flow.InOrder.Where(component => component.Role != ComponentRole.Input && component.Mailbox.Overflow == Overflow.Wait))
        {
            if (Fork(waiting, flow) is not { } found) continue;
            var (fork, others) = found;
            yield return new Diagnostic(
                DiagnosticSeverity.Warning,
                $"{waiting.Role.Word()} `{waiting.Name}` has its senders wait when it is full, and what feeds {fork.Role.Word()} `{fork.Name}` cannot: then {string.Join(", ", others.Select(other => $"`{other.Name}`"))} would get nothing either",
                waiting.Origin,
                $"leave `overflow` out, and only `{waiting.Name}` loses what it has no room for");
        }
    }

    /// <summary>The nearest component that is held up along with others that it feeds, which are not to wait; null where there is none.</summary>
    private static (ComponentDefinition Fork, IReadOnlyList<ComponentDefinition> Others)? Fork(ComponentDefinition waiting, Flow flow)
    {
        var seen = new HashSet<string>();
        var held = new Queue<ComponentDefinition>([waiting]);
        while (held.TryDequeue(out var component))
        {
            foreach (var feeder in flow.FeedersOf(component).Where(feeder => flow.CannotWait(feeder) && flow.PolicyOf(feeder, component) == Overflow.Wait && seen.Add(feeder.Name)))
            {
                List<ComponentDefinition> others = [.. flow.TargetsOf(feeder).Where(target => target != component && flow.PolicyOf(feeder, target) != Overflow.Wait)];
                if (others.Count > 0) return (feeder, others);
                held.Enqueue(feeder);
            }
        }
        return null;
    }
}
