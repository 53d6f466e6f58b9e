using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;

namespace MessageRouter.Tests.Cli.Controlling;

/// <summary>A cluster in which one node feeds a stream that others take.</summary>
internal static class SomeCluster
{
    /// <summary>What the feeder tells.</summary>
    /// <param name="nodes">The nodes with their status; null for one that does not answer. The first is the one that is asked.</param>
    public static ClusterReport Of(params (string Name, NodeStatus? Status)[] nodes)
    {
        var members = nodes.Select((node, at) => new ClusterMember(node.Name, $"127.0.0.1:405{at + 3}", "up", node.Status is not null) { Version = "1.2.3", IsSelf = at == 0 }).ToList();
        return new ClusterReport(
            new ClusterStatus("logs", members[0].Address, "up") { Leader = members[0].Address, Members = members, Streams = [new StreamStatus("jobs", [.. nodes.Skip(1).Select(node => node.Name)], [nodes[0].Name])] },
            [.. members.Zip(nodes, (member, node) => new NodeOfCluster(member, node.Status))]);
    }

    /// <summary>The node that feeds it.</summary>
    /// <param name="links">Who takes it, with how many messages it was given and has answered for.</param>
    public static NodeStatus Feeder(params (string Name, long Given, long Answered)[] links) => Node('a', "feeder", new ComponentStatus(
        "outputs.feed", "cluster", links.Sum(link => link.Answered), 0, links.Sum(link => link.Answered), 0, 0, new Dictionary<string, long>(), 0, 0, [],
        [.. links.Select(link => new WorkerLine($"{link.Name} (tcp://127.0.0.1:{PortOf(link.Name)})", "connected", link.Given, link.Answered, link.Given - link.Answered, 12.5, Failed: 0, Unanswered: link.Given - link.Answered, Redelivered: 0))])
    {
        Role = "output",
        State = "running",
        Stream = "jobs",
        OutRate = new(25, 25, 25),
        Downstream = [.. links.Select(link => new DownstreamLine { State = "connected", Node = link.Name, Epoch = EpochOf(link.Name[0]), Component = "inputs.work", Sent = link.Given, Answered = link.Answered, Returned = 0 })],
    });

    /// <summary>A node that takes it.</summary>
    public static NodeStatus Taker(string name, long received, char? run = null) => Node(run ?? name[0], name, new ComponentStatus(
        "inputs.work", "cluster", received, 0, received, 0, 0, new Dictionary<string, long>(), 0, 0, [$"tcp://127.0.0.1:{PortOf(name)}"])
    {
        Role = "input",
        State = "running",
        Stream = "jobs",
        InRate = new(12.5, 12.5, 12.5),
        Upstream = [new UpstreamLine { State = "connected", Node = "feeder", Epoch = EpochOf('a'), Component = "outputs.feed", Sent = received, Received = received }],
    });

    private static int PortOf(string name) => 5000 + name[0];

    private static string EpochOf(char run) => new(run, 32);

    private static NodeStatus Node(char run, string name, ComponentStatus component) => SomeStatus.Shop with { Node = name, Epoch = EpochOf(run), Components = [component], Edges = [], Processes = [] };
}
