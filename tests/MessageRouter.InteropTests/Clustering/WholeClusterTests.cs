using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>All nodes of a cluster are killed, or replaced one after the other, while somebody outside sends to them and waits for their answers.</summary>
public sealed class WholeClusterTests(ITestOutputHelper output) : ClusterTest(output)
{
    private const int More = 100;

    private readonly int door = Ports.Free();

    [SkippableFact]
    public async Task All_nodes_that_are_killed_at_one_moment_are_one_cluster_again_and_lose_nothing_of_what_they_had_answered_for_or_not()
    {
        var outside = Outside();
        var nodes = Nodes.Keys.ToDictionary(node => node, node => Run(node, Everything("type = delay, delay = 20ms")));
        await AllHaveJoined(nodes);
        await GoesOn(outside);

        foreach (var node in nodes.Values) node.Send(Signal.Kill);
        foreach (var node in nodes.Values) await node.Exits();
        Assert.InRange(await AnsweredAsync(), More, Archived().Count);

        // The first seed node, which begins a cluster where none is, comes last.
        foreach (var node in (string[])["c", "b"])
        {
            nodes[node] = Run(node, Everything("type = delay, delay = 20ms"));
            await WaitsFor(nodes[node], node == "b" ? ["a"] : ["a", "b"]);
        }
        nodes["a"] = Run("a", Everything("type = delay, delay = 20ms"));
        await AllHaveJoined(nodes);
        await GoesOn(outside);
        Assert.Contains("cluster logs: up, 3 nodes", await Output("status", "--node", "c", "--cluster"), StringComparison.Ordinal);
        Assert.DoesNotContain("DOES NOT", await Output("ledger", "check", "--node", "a", "--cluster"), StringComparison.Ordinal);

        await AllIsArchived(outside, nodes);
    }

    [SkippableFact]
    public async Task A_node_after_the_other_is_replaced_by_one_of_another_version_which_refuses_what_it_does_not_know_and_nothing_is_lost()
    {
        using var authority = Authority("The cluster");
        await File.WriteAllTextAsync(Files["trust.pem"], authority.ExportCertificatePem());
        foreach (var node in Nodes.Keys) Issue(authority, node);
        await File.WriteAllTextAsync(Files["csharp.conf"], $"router {{ {Everything("type = csharp, code = \"return message;\"")} }}");
        var other = OtherBuild.MakeIn(Files["other"]);
        var outside = Outside();
        var nodes = Nodes.Keys.ToDictionary(node => node, node => RunNode(Of(node)));
        await AllHaveJoined(nodes);
        await GoesOn(outside);

        foreach (var node in (string[])["c", "a", "b"])
        {
            await nodes[node].Stops();
            nodes[node] = RunNodeBy(other, Of(node));
            await Joins(nodes[node]);
            foreach (var of in nodes.Where(each => each.Key != node).Select(each => each.Value)) await of.Until(() => LastOf(of, $"Node {node} ")?.EndsWith("is there.", StringComparison.Ordinal) == true, $"{node} to be there");
            await GoesOn(outside);
            if (node == "c") await BothAreSeenAndOneRefuses(nodes);
        }
        Assert.Equal(Enumerable.Repeat(OtherBuild.Version, nodes.Count), await VersionsAsync());

        await AllIsArchived(outside, nodes);

        string Of(string node) => Config(node, Everything("type = delay, delay = 20ms"), $"control = configure, {Tls(node)},");
    }

    private async Task BothAreSeenAndOneRefuses(Dictionary<string, RouterProcess> nodes)
    {
        Assert.Equal([OtherBuild.FormerVersion, OtherBuild.FormerVersion, OtherBuild.Version], await VersionsAsync());

        var reload = MessageRouter("reload", Files["csharp.conf"], "--node", "a", "--cluster", "--all-or-none", "--yes");
        Assert.True(await reload.Exits() == 78, reload.Describe());
        Assert.Contains("error: c cannot reload; nothing was changed.", reload.Errors.Lines);
        Assert.Contains(reload.Errors.Lines, line => line.Contains($"needs the package {OtherBuild.Lacks}, which is not here", StringComparison.Ordinal));
        Assert.All(nodes.Values, node => Assert.DoesNotContain(node.Errors.Lines, line => line.Contains("Revision 2 of the configuration", StringComparison.Ordinal)));
    }

    /// <summary>Sends numbers, and again what was not answered; answers come from the last of the cluster's components, over two of its streams.</summary>
    private RouterProcess Outside() => RunNode($$$"""
        router {
          name = outside
          shutdown.drain-timeout = 1m
          inputs { numbers { type = generator, rate = 300, template = "{\"n\":%{seq}}", to = pool } }
          outputs { pool { type = distributor, bind = "tcp://127.0.0.1:{{{door}}}", delivery = at-least-once, lease = 10m } }
        }
        """);

    private string Everything(string filter) => $$"""
        inputs {
            numbers { type = zeromq, connect = "tcp://127.0.0.1:{{door}}", socket-type = pull, delivery = at-least-once, to = jobs }
            work { type = cluster, stream = jobs, delivery = at-least-once, to = pass }
            last { type = cluster, stream = keyed, delivery = at-least-once, to = archive }
          }
          filters { pass { {{filter}}, to = keyed } }
          outputs {
            jobs { type = cluster, stream = jobs, delivery = at-least-once }
            keyed { type = cluster, stream = keyed, delivery = at-least-once, route = key, key = n }
            archive { type = file, path = ${router.name}".log", flush-interval = 100ms }
          }
        """;

    private async Task<long> AnsweredAsync() => JsonDocument.Parse(await Output("status", "--node", "outside", "--format", "json")).RootElement.GetProperty("components").EnumerateArray()
        .Single(component => component.GetProperty("name").GetString() == "outputs.pool").GetProperty("out").GetInt64();

    private async Task<IEnumerable<string?>> VersionsAsync() => JsonDocument.Parse(await Output("status", "--node", "a", "--cluster", "--format", "json")).RootElement.GetProperty("cluster").GetProperty("members").EnumerateArray()
        .OrderBy(member => member.GetProperty("node").GetString(), StringComparer.Ordinal).Select(member => member.GetProperty("version").GetString());

    /// <summary>Waits until each node has written more.</summary>
    private async Task GoesOn(RouterProcess outside)
    {
        var before = Nodes.Keys.ToDictionary(node => node, node => Archive(node).Count);
        await outside.Until(() => Nodes.Keys.All(node => Archive(node).Count >= before[node] + More), "each node to write more");
    }

    private async Task AllIsArchived(RouterProcess outside, Dictionary<string, RouterProcess> nodes)
    {
        var sent = (await outside.Stops())["outputs.pool"].Out;
        foreach (var node in nodes.Values) await node.Stops();
        Assert.Equal(Enumerable.Range(1, (int)sent), Archived().Order());
    }

    private HashSet<int> Archived() => [.. Nodes.Keys.SelectMany(Archive).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt32())];

    /// <remarks>One that is killed may leave a line that has no end, which it has not answered for.</remarks>
    private IReadOnlyCollection<string> Archive(string node) => [.. Files.Lines($"{node}.log").Where(line => line.EndsWith('}'))];

    private static string? LastOf(RouterProcess node, string about) => node.Errors.Lines.LastOrDefault(line => line.Contains(about, StringComparison.Ordinal));
}
