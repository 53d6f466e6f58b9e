using MessageRouter.Clustering;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Clustering;

/// <summary>A cluster in which a node knows of another one that does not answer.</summary>
internal sealed class ClusterOfOne(RouterNode node) : ICluster
{
    private static readonly ClusterMember Self = new("one", "127.0.0.1:4053", "up", IsReachable: true) { Roles = ["edge"], Version = "1", IsSelf = true };

    private static readonly ClusterMember Away = new("two", "127.0.0.1:4054", "up", IsReachable: false);

    public IStreamDirectory Streams => throw new NotSupportedException();

    public IClusterState State => throw new NotSupportedException();

    public IPlacements Placements => throw new NotSupportedException();

    public ISingletons Singletons => throw new NotSupportedException();

    public ClusterStatus Status => new("logs", Self.Address, "up") { Leader = Self.Address, Members = [Self, Away], Streams = [new StreamStatus("jobs", ["one", "one"], ["two"]), new StreamStatus("none", [], ["one"]), new StreamStatus("others", ["two"], [])], Gone = 2, JoinedAnew = 1, Refused = new Dictionary<string, long> { [JoinRefusals.Clock] = 3 } };

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<(ClusterMember Member, string? Status)>> AskAllAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<(ClusterMember, string?)>>([(Self, node.Status().ToJson()), (Away, null)]);

    /// <summary>What nodes answer to a reload; null where they do not.</summary>
    public Func<string, MemberReloadRequest, MemberReload?> Reload { get; init; } = (_, _) => null;

    public Task<MemberReload?> ReloadAsync(string address, MemberReloadRequest request, CancellationToken cancellation) => Task.FromResult(Reload(address, request));

    public Task LeaveAsync(TimeSpan limit) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
