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
    public async Task A_name_in_the_file_stands_for_the_addresses_to_which_it_leads_where_the_node_has_one_itself()
    {
        var named = new Dictionary<string, IPAddress[]> { ["a.example"] = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1")], ["b.example"] = [IPAddress.Parse("fd00::2"), IPAddress.Parse("10.0.0.2")] };

        var first = await Of("10.0.0.1").FindAsync(default);
        var second = await Of("10.0.0.2").FindAsync(default);
        var six = await Of("[fd00::1]").FindAsync(default);

        Assert.Equal(["10.0.0.1:4053", "10.0.0.2:4054", "10.0.0.3:4053"], first.Nodes.Select(node => node.ToString()));
        Assert.Equal((true, false, null), (first.MayBegin, second.MayBegin, first.Problem));
        Assert.Equal(["[fd00::1]:4053", "[fd00::2]:4054", "10.0.0.3:4053"], six.Nodes.Select(node => node.ToString()));
        Assert.True(six.MayBegin);

        SeedNodes Of(string advertise) =>
            new(new ClusterOptions { Name = "logs", Bind = "0.0.0.0:4053", Advertise = advertise, SeedNodes = ["a.example", "b.example:4054", "10.0.0.3"] }, (name, _) => Task.FromResult(named[name]), (_, _) => throw new NotSupportedException(), _clock);
    }

    [Fact]
    public async Task The_machine_itself_may_be_named_localhost()
    {
        var found = await SeedNodes.Of(new ClusterOptions { Name = "logs", SeedNodes = ["localhost:4053", "localhost:4054"] }, _clock).FindAsync(default);

        Assert.Equal(["127.0.0.1:4053", "127.0.0.1:4054"], found.Nodes.Select(node => node.ToString()));
        Assert.Equal((true, null), (found.MayBegin, found.Problem));
    }

    [Fact]
    public async Task Of_several_addresses_of_the_first_name_the_lowest_begins()
    {
        _addresses = [IPAddress.Parse("10.0.0.10"), IPAddress.Parse("10.0.0.9")];

        Assert.True((await Of(Named("10.0.0.9", "a.example")).FindAsync(default)).MayBegin);
        Assert.False((await Of(Named("10.0.0.10", "a.example")).FindAsync(default)).MayBegin);
    }

    [Fact]
    public async Task A_node_that_calls_itself_by_its_name_is_asked_there_too_but_never_this_one()
    {
        _addresses = [IPAddress.Parse("10.0.0.1")];

        Assert.Equal(["a.example:4053"], (await Of(Named("10.0.0.2", "a.example")).FindAsync(default)).Names.Select(name => name.ToString()));
        Assert.Empty((await Of(Named("10.0.0.1", "a.example")).FindAsync(default)).Names);
    }

    [Fact]
    public async Task Names_stay_as_they_are_written_where_the_node_has_one_itself()
    {
        var found = await Of(Named("a.example", "a.example", "b.example")).FindAsync(default);

        Assert.Equal(["a.example:4053", "b.example:4053"], found.Nodes.Select(node => node.ToString()));
        Assert.Equal((true, 0, null), (found.MayBegin, found.Names.Count, found.Problem));
    }

    [Fact]
    public async Task A_name_in_the_file_that_leads_nowhere_is_a_problem_that_is_told_and_keeps_nobody_from_beginning()
    {
        var seeds = new SeedNodes(
            Named("10.0.0.1", "a.example", "b.example"), (name, _) => name == "a.example" ? Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1")]) : throw new SocketException((int)SocketError.HostNotFound), (_, _) => throw new NotSupportedException(), _clock);

        var found = await seeds.FindAsync(default);

        Assert.Equal(["10.0.0.1:4053", "b.example:4053"], found.Nodes.Select(node => node.ToString()));
        Assert.StartsWith("`b.example` leads to no address: ", found.Problem, StringComparison.Ordinal);
        Assert.True(found.MayBegin);
    }

    [Fact]
    public async Task A_name_that_this_machine_alone_takes_for_its_own_is_a_problem_that_is_told()
    {
        _addresses = [IPAddress.Parse("127.0.1.1"), IPAddress.IPv6Loopback];

        var found = await Of(Named("10.0.0.1", "a.example")).FindAsync(default);

        Assert.Equal("`a.example` leads to no IPv4 address at which nodes are found, only to 127.0.1.1, ::1: let it lead to what its node has in `advertise`", found.Problem);
        Assert.False(found.MayBegin);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_others_are_found_who_do_not_answer_lets_nobody_begin(bool isByName)
    {
        var lowest = Of(isByName ? Dns("10.0.0.9", nodes: 2) : Pods("10.0.0.9", nodes: 2));
        _addresses = [IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.10"), IPAddress.Parse("10.0.0.11")];
        await lowest.FindAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var found = await lowest.FindAsync(default);

        Assert.Equal(("`discovery.nodes` wants 2 nodes before a cluster begins, and nobody answers at 10.0.0.10:4053, 10.0.0.11:4053", false), Heard(lowest, found));
        Assert.Equal((null, true), Heard(lowest, found, "10.0.0.11:4053"));
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
        var seeds = new SeedNodes(Dns("10.0.0.9", nodes: 1), (_, _) => throw new SocketException((int)SocketError.HostNotFound), (_, _) => throw new NotSupportedException(), _clock);

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
        var refused = await OfPods("10.0.0.9", new PodSearchException("the API server forbids it")).FindAsync(default);
        var failed = await OfPods("10.0.0.9", new InvalidOperationException("It is broken.")).FindAsync(default);

        Assert.Equal(("the API server forbids it", false), (refused.Problem, refused.MayBegin));
        Assert.Equal(("the pods of `cluster=logs` cannot be found: It is broken", false), (failed.Problem, failed.MayBegin));
    }

    [Fact]
    public async Task A_file_is_read_each_time_and_the_node_of_its_first_line_begins()
    {
        var seeds = Of(new ClusterOptions { Name = "logs", Bind = "10.0.0.1:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.File, Path = _folder["nodes"] } });
        Assert.StartsWith($"`{_folder["nodes"]}` cannot be read: ", (await seeds.FindAsync(default)).Problem, StringComparison.Ordinal);

        _addresses = [IPAddress.Parse("10.0.0.2")];
        await File.WriteAllTextAsync(_folder["nodes"], "# ours\n\n10.0.0.1 # the first\n  b.example:4054\n");
        var found = await seeds.FindAsync(default);
        Assert.Equal(["10.0.0.1:4053", "10.0.0.2:4054"], found.Nodes.Select(node => node.ToString()));
        Assert.True(found.MayBegin);

        await File.WriteAllTextAsync(_folder["nodes"], "b.example:4054\n10.0.0.1\n");
        Assert.False((await seeds.FindAsync(default)).MayBegin);
        await File.WriteAllTextAsync(_folder["nodes"], "tcp://b.example\n");
        Assert.Equal($"`{_folder["nodes"]}` has `tcp://b.example`, which is no address such as a.example:4053", (await seeds.FindAsync(default)).Problem);
        await File.WriteAllTextAsync(_folder["nodes"], "#\n");
        Assert.Equal($"`{_folder["nodes"]}` names nobody", (await seeds.FindAsync(default)).Problem);
    }

    [Fact]
    public async Task Of_nodes_that_are_all_named_the_lowest_of_those_that_answer_begins_when_they_are_enough_and_no_more_come()
    {
        var (lowest, other) = (Of(Listed("10.0.0.9")), Of(Listed("10.0.0.10")));
        var found = await lowest.FindAsync(default);
        Assert.Equal(["10.0.0.9:4053", "10.0.0.10:4053", "10.0.0.11:4053"], found.Nodes.Select(node => node.ToString()));
        Assert.Equal(("`discovery` wants 2 of its nodes before a cluster begins, and nobody answers at 10.0.0.10:4053, 10.0.0.11:4053", false), Heard(lowest, found));

        // The lowest is away: another one begins.
        var found2 = await other.FindAsync(default);
        Assert.Equal(("10.0.0.10:4053 is to begin it", false), Heard(other, found2, "10.0.0.11:4053"));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(("10.0.0.9:4053 is to begin it", false), Heard(other, found2, "10.0.0.9:4053", "10.0.0.11:4053"));
        Assert.Equal(("10.0.0.10:4053 is to begin it", false), Heard(other, found2, "10.0.0.11:4053"));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(Heard(other, found2, "10.0.0.11:4053").MayBegin);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Heard(other, found2, "10.0.0.11:4053").MayBegin);
        Assert.Equal(("`discovery` wants 2 of its nodes before a cluster begins, and nobody answers at 10.0.0.9:4053, 10.0.0.11:4053", false), Heard(other, found2));
    }

    [Fact]
    public async Task A_node_that_answers_now_and_then_keeps_none_from_beginning_that_comes_before_it()
    {
        var lowest = Of(Listed("10.0.0.9"));
        var found = await lowest.FindAsync(default);
        Heard(lowest, found, "10.0.0.10:4053", "10.0.0.11:4053");
        _clock.Advance(TimeSpan.FromSeconds(3));
        Heard(lowest, found, "10.0.0.10:4053");
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(Heard(lowest, found, "10.0.0.10:4053", "10.0.0.11:4053").MayBegin);
    }

    [Fact]
    public async Task As_many_nodes_that_are_named_must_answer_as_is_said()
    {
        var alone = Of(Listed("10.0.0.11", nodes: 1));
        Heard(alone, await alone.FindAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(Heard(alone, await alone.FindAsync(default)).MayBegin);

        var all = Of(Listed("10.0.0.9", nodes: 3));
        Heard(all, await all.FindAsync(default), "10.0.0.10:4053");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("`discovery` wants 3 of its nodes before a cluster begins, and nobody answers at 10.0.0.11:4053", false), Heard(all, await all.FindAsync(default), "10.0.0.10:4053"));
    }

    [Fact]
    public async Task A_node_that_is_not_among_those_that_are_named_joins_and_never_begins()
    {
        var edge = Of(Listed("10.0.0.1"));
        string[] two = ["10.0.0.9:4053", "10.0.0.10:4053"];
        Assert.Equal(("`discovery` wants 2 of its nodes before a cluster begins, and nobody answers at 10.0.0.10:4053, 10.0.0.11:4053", false), Heard(edge, await edge.FindAsync(default), two[..1]));
        Heard(edge, await edge.FindAsync(default), two);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(("10.0.0.9:4053 is to begin it", false), Heard(edge, await edge.FindAsync(default), two));
    }

    [Fact]
    public async Task Those_that_are_named_come_in_one_order_whether_a_node_is_found_by_its_name_or_its_address()
    {
        string[] addresses = ["b.example", "10.0.0.3", "a.example"];
        var named = Of(new ClusterOptions { Name = "logs", Bind = "0.0.0.0:4053", Advertise = "b.example", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Config, Addresses = addresses } });
        var byAddress = new SeedNodes(
            new ClusterOptions { Name = "logs", Bind = "10.0.0.1:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Config, Addresses = [.. addresses.Reverse()] } },
            (name, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(name == "a.example" ? "10.0.0.1" : "10.0.0.2")]), (_, _) => throw new NotSupportedException(), _clock);

        Assert.Equal(("10.0.0.3:4053 is to begin it", false), Heard(named, await named.FindAsync(default), "10.0.0.3:4053"));
        Assert.Equal(("10.0.0.3:4053 is to begin it", false), Heard(byAddress, await byAddress.FindAsync(default), "10.0.0.3:4053"));
        Assert.Equal(("a.example:4053 is to begin it", false), Heard(named, await named.FindAsync(default), "a.example:4053"));
        Heard(byAddress, await byAddress.FindAsync(default), "b.example:4053");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("10.0.0.1:4053 is to begin it", true), Heard(byAddress, await byAddress.FindAsync(default), "b.example:4053"));
    }

    private static (string? Problem, bool MayBegin) Heard(SeedNodes seeds, SeedNodes.Found found, params string[] answering)
    {
        var heard = seeds.Heard(found, [.. answering.Select(text => ClusterAddress.TryParse(text, 0, out var address) ? address : throw new ArgumentException(text))]);
        return (heard.Problem, heard.MayBegin);
    }

    private static ClusterOptions Listed(string address, int? nodes = null) =>
        new() { Name = "logs", Bind = $"{address}:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Config, Addresses = ["10.0.0.11", "10.0.0.9", "10.0.0.10"], Nodes = nodes } };

    private static ClusterOptions Dns(string address, int nodes) => new() { Name = "logs", Bind = $"{address}:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Dns, Name = "router.example", Nodes = nodes } };

    private static ClusterOptions Pods(string address, int nodes) => new() { Name = "logs", Bind = $"{address}:4053", Discovery = new DiscoveryOptions { Method = DiscoveryMethod.Kubernetes, Selector = "cluster=logs", Nodes = nodes } };

    private static ClusterOptions Named(string advertise, params string[] seeds) => new() { Name = "logs", Bind = "0.0.0.0:4053", Advertise = advertise, SeedNodes = seeds };

    private SeedNodes OfPods(string address, Exception failure) => new(Pods(address, nodes: 1), (_, _) => throw new NotSupportedException(), (_, _) => throw failure, _clock);

    private SeedNodes Of(ClusterOptions options) => new(options, (_, _) => Task.FromResult(_addresses), (_, _) => Task.FromResult(_addresses), _clock);
}
