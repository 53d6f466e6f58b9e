using MessageRouter.Routing;

namespace MessageRouter.Reloading;

/// <summary>The ways in which a node's configuration is read again, checked as at a start, with what was set over its files then.</summary>
/// <param name="Files">Of these files or, where there are none, of those that the node was started with.</param>
/// <param name="Brought">Of what was brought to it.</param>
internal sealed record NodeReadings(Func<IReadOnlyList<string>, Reading> Files, Func<BroughtConfiguration, Reading> Brought)
{
    /// <summary>The same, with something done to each definition.</summary>
    public NodeReadings With(Func<NodeDefinition, NodeDefinition> change)
    {
        return new NodeReadings(files => Changed(Files(files)), brought => Changed(Brought(brought)));

        Reading Changed(Reading reading) => reading with { Definition = change(reading.Definition) };
    }
}
