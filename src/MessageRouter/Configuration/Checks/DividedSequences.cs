using MessageRouter.Filters;

namespace MessageRouter.Configuration.Checks;

/// <summary>Finds pools of <c>gap-detect</c> whose copies each see a part of a sequence, and would take the other parts for lost.</summary>
internal static class DividedSequences
{
    public static IEnumerable<Diagnostic> Find(Flow flow)
    {
        foreach (var component in flow.InFile)
        {
            if (component.Options is not GapDetectFilter.Options options || component.Instances == 1 || options.By.Contains(component.Route?.Key?.ToString())) continue;
            yield return new Diagnostic(
                DiagnosticSeverity.Warning,
                $"filter `{component.Name}` divides sequences among its {component.Placement?.Total ?? component.Instances} copies, each of which takes what the others get for lost",
                component.FindKey("instances") ?? component.Origin,
                options.By.Count == 0 ? "leave `instances` out" : $"leave `instances` out, or write route = hash({options.By[0]})");
        }
    }
}
