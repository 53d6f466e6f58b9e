using MessageRouter.Routing;

namespace MessageRouter.Hosting;

/// <summary>
/// What a host's node is made of. A host keeps for all its time what it was built with; but after a reload nothing may hold the plug-ins that the
/// node had at first, so that only the node has its definition.
/// </summary>
internal sealed class FirstDefinition(NodeDefinition definition)
{
    private NodeDefinition? _definition = definition;

    public string AkkaHocon { get; } = definition.AkkaHocon;

    public long MemoryLimit { get; } = definition.MemoryLimit;

    /// <summary>For the node, once.</summary>
    public NodeDefinition Take() => Interlocked.Exchange(ref _definition, null) ?? throw new InvalidOperationException("The node was made before.");
}
