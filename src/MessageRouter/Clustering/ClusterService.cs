using MessageRouter.Plugins;
using MessageRouter.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Clustering;

/// <summary>Has a node be one of its cluster: from before its components start until it has drained.</summary>
internal sealed class ClusterService(RouterNode node, ILoggerFactory loggers, TimeProvider clock) : IHostedService, IAsyncDisposable
{
    private readonly OwnState _own = new();
    private ICluster? _cluster;

    /// <summary>Which streams there are. Components that ask for it are refused by the configuration where the node is in no cluster.</summary>
    public IStreamDirectory Streams => _cluster?.Streams ?? throw new InvalidOperationException("The node is in no cluster: the configuration has no router.cluster.");

    /// <summary>Has components be at work on one node at a time; refused like streams.</summary>
    public ISingletons Singletons => _cluster?.Singletons ?? throw new InvalidOperationException("The node is in no cluster: the configuration has no router.cluster.");

    /// <summary>Places copies and processes on nodes; refused like streams.</summary>
    public IPlacements Placements => _cluster?.Placements ?? throw new InvalidOperationException("The node is in no cluster: the configuration has no router.cluster.");

    /// <summary>Values that all nodes share; the node's own where it is in no cluster.</summary>
    public IClusterState State => _cluster?.State ?? _own;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (node.Definition.Cluster is not { } definition) return;
        if (ExtensionPackage.Cluster.Plugin is not IBringsCluster package)
            throw new ClusterStartException($"it {ExtensionPackage.Cluster.Absence}", definition.Origin, ExtensionPackage.Cluster.Cure);
        _cluster = package.Create(node, definition, loggers, clock);
        node.Cluster = _cluster;
        await _cluster.OpenAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _cluster?.LeaveAsync(node.TimeToLeave) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster) await cluster.DisposeAsync();
    }
}
