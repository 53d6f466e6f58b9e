using MessageRouter.Components;

namespace MessageRouter.Clustering;

/// <summary>Which streams lead to which within one node.</summary>
internal static class StreamFlows
{
    /// <summary>How many a node tells the others; of one that has more the first ones, by name.</summary>
    public const int Most = 128;

    public static IReadOnlyList<StreamFlow> Of(IReadOnlyList<ComponentDefinition> components) =>
    [
        .. Between(components).Select(each => new StreamFlow(each.Input.Stream, each.Output.Stream)).Distinct()
            .OrderBy(flow => flow.From, StringComparer.Ordinal).ThenBy(flow => flow.To, StringComparer.Ordinal).Take(Most),
    ];

    /// <summary>Each input that takes a stream, with each output that feeds one and gets what that input brings.</summary>
    public static IEnumerable<(StreamEnd Input, StreamEnd Output)> Between(IReadOnlyList<ComponentDefinition> components)
    {
        var byName = components.ToLookup(component => component.Name);
        return
            from input in components
            where input.Role == ComponentRole.Input && input.Options is IStreamEnd
            from output in Reached(input, byName)
            where output.Role == ComponentRole.Output && output.Options is IStreamEnd
            select (new StreamEnd(input), new StreamEnd(output));
    }

    /// <remarks>Names that lead nowhere, and circles, are reported elsewhere.</remarks>
    private static IEnumerable<ComponentDefinition> Reached(ComponentDefinition from, ILookup<string, ComponentDefinition> byName)
    {
        var (seen, open) = (new HashSet<string>(), new Queue<ComponentDefinition>([from]));
        while (open.TryDequeue(out var component))
        {
            foreach (var target in component.To.Where(seen.Add).SelectMany(to => byName[to]))
            {
                yield return target;
                open.Enqueue(target);
            }
        }
    }

    /// <summary>A component whose other end is a stream.</summary>
    internal sealed record StreamEnd(ComponentDefinition Component)
    {
        public string Stream => ((IStreamEnd)Component.Options!).Stream;
    }
}
