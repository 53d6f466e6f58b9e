namespace MessageRouter.Clustering;

/// <summary>The values of a node's cluster, which is there only when the node starts.</summary>
internal sealed class LateState(Func<IClusterState> state) : IClusterState
{
    public Task<ClusterValue?> ReadAsync(string key, CancellationToken cancellation = default) => state().ReadAsync(key, cancellation);

    public Task<long?> TryWriteAsync(string key, string value, long expected, CancellationToken cancellation = default) => state().TryWriteAsync(key, value, expected, cancellation);
}
