using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Clustering;

/// <summary>The package that makes many nodes one.</summary>
internal interface IBringsCluster
{
    /// <summary>Makes a node's part in its cluster.</summary>
    /// <param name="node">The node.</param>
    /// <param name="definition">What the configuration says of the cluster.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="clock">The node's clock.</param>
    /// <exception cref="ClusterStartException">A file that it needs cannot be read.</exception>
    ICluster Create(RouterNode node, ClusterDefinition definition, ILoggerFactory loggers, TimeProvider clock);
}

/// <summary>A node's part in its cluster.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>Which streams there are, and who offers them.</summary>
    IStreamDirectory Streams { get; }

    /// <summary>Values that all nodes share.</summary>
    IClusterState State { get; }

    /// <summary>Has components be at work on one node at a time.</summary>
    ISingletons Singletons { get; }

    /// <summary>Places copies of filters, and processes, on the nodes.</summary>
    IPlacements Placements { get; }

    /// <summary>What it knows of the cluster. Callable from any thread.</summary>
    ClusterStatus Status { get; }

    /// <summary>Listens, and begins to look for others; who comes later is found later.</summary>
    /// <exception cref="ClusterStartException">Its address cannot be had.</exception>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Asks all nodes, this one too, for their status.</summary>
    /// <returns>Each node, with its status as JSON; null where it does not answer.</returns>
    Task<IReadOnlyList<(ClusterMember Member, string? Status)>> AskAllAsync(CancellationToken cancellation);

    /// <summary>Has a node reload, where it lets others have it do that.</summary>
    /// <param name="address">The node's address; this one's too.</param>
    /// <param name="request">Whether it only says what that would do.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What became of it; null where it does not answer, so that this is not known.</returns>
    Task<MemberReload?> ReloadAsync(string address, MemberReloadRequest request, CancellationToken cancellation);

    /// <summary>Tells the others that it goes, and waits until they know, as long as there is time.</summary>
    Task LeaveAsync(TimeSpan limit);
}
