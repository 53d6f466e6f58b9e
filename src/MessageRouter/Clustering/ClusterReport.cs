using System.Text.Json;
using MessageRouter.Monitoring;

namespace MessageRouter.Clustering;

/// <summary>All nodes of a cluster at about one moment, as one of them sees and hears them.</summary>
/// <param name="Cluster">What that one knows of the cluster.</param>
/// <param name="Nodes">The nodes.</param>
public sealed record ClusterReport(ClusterStatus Cluster, IReadOnlyList<NodeOfCluster> Nodes)
{
    /// <summary>What one of them knows, with what each says of itself: the failure detector takes a while, and who has closed a singleton knows it first.</summary>
    internal static ClusterReport Of(ClusterStatus cluster, IReadOnlyList<NodeOfCluster> nodes)
    {
        var answers = nodes.Where(node => node.Status is not null).ToLookup(node => node.Member.Name, node => node.Status!);
        return new ClusterReport(
            cluster with
            {
                Singletons = [.. cluster.Singletons.Select(singleton => singleton.Node is { } node ? singleton with { State = answers.Contains(node) ? OwnWord(node, singleton) ?? singleton.State : SingletonStatus.Away } : singleton)],
                Placed = [.. cluster.Placed.Select(placed => placed with { Nodes = [.. placed.Nodes.Select(share => share with { IsAway = !answers.Contains(share.Node) })] })],
            },
            nodes);

        string? OwnWord(string node, SingletonStatus singleton) =>
            answers[node].SelectMany(status => status.Cluster?.Singletons ?? []).FirstOrDefault(own => own.Name == singleton.Name && own.Node == node)?.State;
    }

    /// <summary>The report as JSON: the names of the properties in snake_case, and nothing for what is null.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, NodeStatus.Json);

    /// <summary>The report of a text that <see cref="ToJson"/> has written, or a later version.</summary>
    /// <exception cref="JsonException">It is no report.</exception>
    public static ClusterReport FromJson(string json) => JsonSerializer.Deserialize<ClusterReport>(json, NodeStatus.Json) ?? throw new JsonException("There is no report in it.");
}

/// <summary>One node of it.</summary>
/// <param name="Member">Which.</param>
/// <param name="Status">Its status; null where it did not answer.</param>
public sealed record NodeOfCluster(ClusterMember Member, NodeStatus? Status);
