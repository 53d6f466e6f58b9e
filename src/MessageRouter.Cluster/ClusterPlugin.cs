using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster;

/// <summary>The package's way into the router; found by a reference to the package alone.</summary>
public sealed class ClusterPlugin : IPlugin, IBringsCluster
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add<ClusterInput>("cluster", "Takes a stream of the cluster, from all nodes that feed it.", "{ type = cluster, stream = jobs, to = [out] }");
        registry.Add<ClusterOutput>("cluster", "Feeds a stream of the cluster, to all nodes that take it.", "{ type = cluster, stream = jobs }");
    }

    ICluster IBringsCluster.Create(RouterNode node, ClusterDefinition definition, ILoggerFactory loggers, TimeProvider clock) =>
        new RouterCluster(node.Definition.Name, definition, node.Definition.AkkaHocon, () => node.Status().ToJson(), OwnFacts.Of(node), new OwnReload(node, clock), loggers, clock);
}
