using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Many nodes that are started at one moment, as an orchestrator does it.</summary>
public sealed class ManyNodesTests(ITestOutputHelper output) : ClusterTest(output)
{
    private const int Count = 20;

    private const int Messages = 2000;

    [SkippableFact]
    public async Task Twenty_that_are_started_at_once_are_one_cluster_and_work_is_handed_out_to_all()
    {
        var names = Enumerable.Range(0, Count).Select(at => $"n{at:00}").ToList();
        foreach (var name in names) Nodes[name] = Ports.Free();
        (Nodes["a"], Nodes["b"]) = (Nodes[names[0]], Nodes[names[1]]);
        var nodes = names.ConvertAll(name => Run(name, name == names[0] ? Feed("at-least-once") : Work("at-least-once")));

        await nodes[0].Reports(line => line.Contains(FormattableString.Invariant($"workers are there now: {Count - 1}"), StringComparison.Ordinal), "the stream to lead to all others");
        await nodes[^1].Until(async () => Members(await Output("status", "--node", names[^1], "--cluster", "--format", "json")).Count(member => member == "up True") == Count, "the last one to know all");
        await nodes[0].WriteAsync(Numbered(0, Messages));
        await nodes[0].Until(() => Lines(nodes.Skip(1)).Count() >= Messages, "all to be handed out");

        Assert.Equal(Enumerable.Range(0, Messages), Lines(nodes.Skip(1)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt32()).Order());
        Assert.All(nodes.Skip(1), node => Assert.NotEmpty(Lines(node)));
        Assert.Equal(1, nodes.Sum(node => node.Errors.Lines.Count(line => line.Contains("begins the cluster", StringComparison.Ordinal))));
        nodes[0].EndInput();
        await nodes[0].Ends();
        foreach (var node in nodes.Skip(1)) node.Send(Signal.Terminate);
        foreach (var node in nodes.Skip(1)) await node.Exits();
    }

    private static IEnumerable<string> Members(string report) =>
        JsonDocument.Parse(report).RootElement.GetProperty("cluster").GetProperty("members").EnumerateArray().Select(member => $"{member.GetProperty("state").GetString()} {member.GetProperty("is_reachable").GetBoolean()}");
}
