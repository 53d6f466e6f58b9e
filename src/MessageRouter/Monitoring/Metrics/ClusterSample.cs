using System.Diagnostics.Metrics;
using MessageRouter.Clustering;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace MessageRouter.Monitoring.Metrics;

/// <summary>What a node knows of its cluster, for its instruments; nothing where it is in none. Streams of others make no series: those of the node follow from its configuration.</summary>
internal sealed record ClusterSample
{
    public IReadOnlyList<Measurement<long>> States { get; private init; } = [];

    public IReadOnlyList<Measurement<long>> Members { get; private init; } = [];

    public IReadOnlyList<Measurement<long>> Unreachable { get; private init; } = [];

    public IReadOnlyList<Measurement<long>> StreamMembers { get; private init; } = [];

    public IReadOnlyList<Measurement<long>> Gone { get; private init; } = [];

    public IReadOnlyList<Measurement<long>> JoinedAnew { get; private init; } = [];

    public IReadOnlyList<Measurement<long>> Refused { get; private init; } = [];

    /// <param name="cluster">What the node knows; null where it is in none.</param>
    /// <param name="node">The labels of all that is of the node.</param>
    public static ClusterSample Of(ClusterStatus? cluster, Tag[] node)
    {
        if (cluster is null) return new ClusterSample();
        var self = cluster.Members.FirstOrDefault(member => member.IsSelf)?.Node;
        return new ClusterSample
        {
            States = [.. ClusterStatus.States.Select(word => With(word == cluster.State ? 1 : 0, ("state", word)))],
            Members = [.. ClusterMember.States.Select(word => With(cluster.Members.Count(member => member.State == word), ("state", word)))],
            Unreachable = [With(cluster.Members.Count(member => !member.IsReachable))],
            StreamMembers = [.. cluster.Streams.Where(stream => self is not null && stream.OfferedBy.Concat(stream.FedBy).Contains(self)).SelectMany(stream => (Measurement<long>[])
            [
                With(stream.OfferedBy.Distinct().Count(), ("stream", stream.Name), ("side", "takes")),
                With(stream.FedBy.Distinct().Count(), ("stream", stream.Name), ("side", "feeds")),
            ])],
            Gone = [With(cluster.Gone)],
            JoinedAnew = [With(cluster.JoinedAnew)],
            Refused = [.. cluster.Refused.Select(reason => With(reason.Value, ("reason", reason.Key)))],
        };

        Measurement<long> With(long value, params IEnumerable<(string Label, string Word)> labels) => new(value, [.. node, .. labels.Select(label => new Tag(label.Label, label.Word))]);
    }
}
