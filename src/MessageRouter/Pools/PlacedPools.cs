using MessageRouter.Components;
using MessageRouter.Routing;

namespace MessageRouter.Pools;

/// <summary>
/// Filters whose copies are on several nodes. What is sent to one goes to an output in its place, which feeds a stream; an input takes from the stream what is for the copies of this node.
/// </summary>
internal static class PlacedPools
{
    /// <summary>The output in the place of a filter.</summary>
    public static string FeedOf(string filter) => $"{filter}.feed";

    /// <summary>The input of a filter's copies.</summary>
    public static string TakeOf(string filter) => $"{filter}.take";

    /// <summary>Components as they are at work: with what brings messages to the copies.</summary>
    /// <param name="components">As they are written.</param>
    /// <param name="parts">The outputs and inputs.</param>
    public static IReadOnlyList<ComponentDefinition> With(IReadOnlyList<ComponentDefinition> components, IReadOnlyList<ComponentDefinition> parts)
    {
        var placed = parts.Select(part => part.PartOf!).ToHashSet();
        return
        [
            .. Enum.GetValues<ComponentRole>().SelectMany(role => components.Where(component => component.Role == role)
                .Select(component => component with { To = [.. component.To.Select(to => placed.Contains(to) ? FeedOf(to) : to)] })
                .Concat(parts.Where(part => part.Role == role))),
        ];
    }

    /// <summary>A node that is alone, and has all copies that it may have: for trials.</summary>
    public static NodeDefinition Alone(NodeDefinition node)
    {
        var feeds = node.Components.Where(component => component.PartOf is not null).Select(component => component.PartOf!).Distinct().ToDictionary(FeedOf);
        return feeds.Count == 0 ? node : node with
        {
            Components =
            [
                .. node.Components.Where(component => component.PartOf is null).Select(component => component with
                {
                    To = [.. component.To.Select(to => feeds.GetValueOrDefault(to, to))],
                    Instances = component.Placement is { } placement ? Math.Max(component.Instances, placement.Alone) : component.Instances,
                    Placement = null,
                }),
            ],
        };
    }
}
