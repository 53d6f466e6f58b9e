using MessageRouter.Components;
using MessageRouter.Routing;

namespace MessageRouter.Clustering;

/// <summary>What a node tells the others of its components, beside what these say themselves.</summary>
/// <param name="Flows">Which streams lead to which in it.</param>
/// <param name="Failing">The singletons that fail each time that they are opened here, and are tried again.</param>
/// <param name="GivenUp">Those that its supervision has given up.</param>
internal sealed record OwnFacts(IReadOnlyList<StreamFlow> Flows, IReadOnlyList<string> Failing, IReadOnlyList<string> GivenUp)
{
    public static readonly OwnFacts None = new([], [], []);

    /// <summary>How often one has failed in succession of which it is said.</summary>
    private const int ManyFailures = 3;

    /// <summary>Reads them whenever it is asked, on any thread.</summary>
    public static Func<OwnFacts> Of(RouterNode node)
    {
        Known? last = null;
        return () =>
        {
            // A reload makes another definition; none changes.
            var (known, definition) = (last, node.Definition);
            if (known is null || !ReferenceEquals(known.Definition, definition)) last = known = new Known(definition, StreamFlows.Of(definition.Components));
            var singletons = node.Components.Where(cell => cell.Definition.Singleton is not null).ToList();
            return new OwnFacts(
                known.Flows, Names(singletons.Where(cell => cell is { IsOpen: false, StoppedByFailure: false, Restarts.InSuccession: >= ManyFailures })), Names(singletons.Where(cell => cell is { StoppedByFailure: true, GaveUpAtTheEnd: false })));
        };
    }

    public bool IsSameAs(OwnFacts other) => Flows.SequenceEqual(other.Flows) && Failing.SequenceEqual(other.Failing) && GivenUp.SequenceEqual(other.GivenUp);

    private static List<string> Names(IEnumerable<ComponentCell> cells) => [.. cells.Select(cell => cell.Name).Order(StringComparer.Ordinal)];

    private sealed record Known(NodeDefinition Definition, IReadOnlyList<StreamFlow> Flows);
}
