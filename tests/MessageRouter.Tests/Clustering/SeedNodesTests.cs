using System.Net;
using System.Net.Sockets;
using MessageRouter.Cluster.Kubernetes;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Clustering;

/// <summary>Where a node looks for others.</summary>
public sealed class SeedNodesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private IPAddress[] _addresses = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Those_of_the_file_are_found_as_they_stand_there_and_the_first_begins()
    {
        var found = await Of(new ClusterOptions { Name = "logs", Bind = "10.0.0.2:4053", SeedNodes = ["10.0.0.2", "10.0.0.1"] }).FindAsync(default);

        Assert.Equal(["10.0.0.2:4053", "10.0.0.1:4053"], found.Nodes.Select(node => node.ToString()));
        Assert.True(found.MayBegin);
        Assert.False((await Of(new ClusterOptions { Name = "logs", Bind = "10.0.0.1:4053", SeedNodes = ["10.0.0.2", "10.0.0.1"] }).FindAsync(default)).MayBegin);
    }

    [Fact]
    public async Task All_addresses_of_a_name_are_nodes_and_the_lowest_begins_when_there_are_enough_and_no_more_come()
    {
        var lowest = Of(Dns("10.0.0.9", nodes: 2));
        var other = Of(Dns("10.0.0.10", nodes: 2));
        _addresses = [IPAddress.Parse("10.0.0.9")];
        Assert.Equal("`router.example` leads to 1 of the 2 nodes that `discovery.nodes` wants before a cluster begins", (await lowest.FindAsync(default)).Problem);

        _addresses = [IPAddress.Parse("10.0.0.10"), IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.10"), IPAddress.Parse("fd00::9")];
        var found = await lowest.FindAsync(default);
        await other.FindAsync(default);
        Assert.Equal(["10.0.0.9:4053", "10.0.0.10:4053"], found.Nodes.Select(node => node.ToString()));
        Assert.Equal((false, null), (found.MayBegin, found.Problem));

        _clock.Advance(TimeSpan.FromSeconds(4));
        _addresses = [.. _addresses, IPAddress.Parse("10.0.0.11")];
        Assert.False((await lowest.FindAsync(default)).MayBegin);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await lowest.FindAsync(default)).MayBegin);
        await other.FindAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await other.FindAsync(default)).MayBegin);
    }

    [Fact]
    public async Task A_node_to_which_the_name_does_not_lead_joins_and_never_begins()
    {
        _addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];
        var edge = Of(Dns("10.0.0.0", nodes: 2));
        await edge.FindAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(5));

        var found = await edge.FindAsync(default);

        Assert.Equal((2, false, null), (found.Nodes.Count, found.MayBegin, found.Problem));
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_a_problem_that_is_told()
    {
        var seeds = new SeedNodes(Dns("10.0.0.9", nodes: 1), (_, _) => throw new SocketException((int)SocketError.HostNotFound), _clock);

        var found = await seeds.FindAsync(default);

        Assert.Empty(found.Nodes);
        Assert.StartsWith("`router.example` leads to no address: ", found.Problem, StringComparison.Ordinal);
        Assert.False(found.MayBegin);
    }

    [Fact]
    public async Task All_pods_that_are_chosen_are_nodes_and_the_lowest_begins_when_there_are_enough_and_no_more_come()
    {
        var seeds = Of(Pods("10.0.0.9", nodes: 2));
        _addresses = [IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.9"), IPAddress.Parse("fd00::9")];
        Assert.Equal("`cluster=logs` chooses 1 of the 2 nodes that `discovery.nodes` wants before a cluster begins", (await seeds.FindAsync(default)).Problem);

        _addresses = [.. _addresses, IPAddress.Parse("10.0.0.10")];
        var found = await seeds.FindAsync(default);
        Assert.Equal(["10.0.0.9:4053", "10.0.0.10:4053"], found.Nodes.Select(node => node.ToString()));
        Assert.Equal((false, null), (found.MayBegin, found.Problem));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await seeds.FindAsync(default)).MayBegin);
    }

    [Fact]
    public async Task Pods_that_cannot_be_found_are_a_problem_that_is_told()
    {
        var refused = await new SeedNodes(Pods("10.0.0.9", nodes: 1), (_, _) => throw new PodSearchException("the API server forbids it"), _clock).FindAsync(default);
        var failed = await new SeedNodes(Pods("10.0.0.9", nodes: 1), (_, _) => throw new InvalidOperationException("It is broken."), _clock).FindAsync(default);

        Assert.Equal(("the API server forbids it", false), (refused.Problem, refused.MayBegin));
        Assert.Equal(("the pods of `cluster=logs` cannot be found: It is broken", false), (failed.Problem, failed.MayBegin));
    }

    [Fact]
    public async Task A_file_is_read_each_time_and_the_node_of_its_first_line_begins()
    {
        var seeds = Of(new ClusterOptions { Name = "logs", Bind = "10.0.0.1:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.File, Path = _folder["nodes"] } });
        Assert.StartsWith($"`{_folder["nodes"]}` cannot be read: ", (await seeds.FindAsync(default)).Problem, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder["nodes"], "# ours\n\n10.0.0.1 # the first\n  b.example:4054\n");
        var found = await seeds.FindAsync(default);
        Assert.Equal(["10.0.0.1:4053", "b.example:4054"], found.Nodes.Select(node => node.ToString()));
        Assert.True(found.MayBegin);

        await File.WriteAllTextAsync(_folder["nodes"], "b.example:4054\n10.0.0.1\n");
        Assert.False((await seeds.FindAsync(default)).MayBegin);
        await File.WriteAllTextAsync(_folder["nodes"], "tcp://b.example\n");
        Assert.Equal($"`{_folder["nodes"]}` has `tcp://b.example`, which is no address such as a.example:4053", (await seeds.FindAsync(default)).Problem);
        await File.WriteAllTextAsync(_folder["nodes"], "#\n");
        Assert.Equal($"`{_folder["nodes"]}` names nobody", (await seeds.FindAsync(default)).Problem);
    }

    private static ClusterOptions Dns(string address, int nodes) => new() { Name = "logs", Bind = $"{address}:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Dns, Name = "router.example", Nodes = nodes } };

    private static ClusterOptions Pods(string address, int nodes) => new() { Name = "logs", Bind = $"{address}:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Kubernetes, Selector = "cluster=logs", Nodes = nodes } };

    private SeedNodes Of(ClusterOptions options) => new(options, (_, _) => Task.FromResult(_addresses), _clock);
}
