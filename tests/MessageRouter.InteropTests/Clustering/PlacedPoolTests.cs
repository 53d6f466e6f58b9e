using System.Globalization;
using System.Text.Json;

namespace MessageRouter.InteropTests.Clustering;

/// <summary>Copies of a filter, and worker processes, on several nodes, while nodes come and are killed.</summary>
public sealed class PlacedPoolTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task Copies_go_where_nodes_are_and_keep_the_order_of_keys_and_nothing_is_lost()
    {
        var a = Feeder();
        var b = RunNode(Worker("b"));
        var c = RunNode(Worker("c"));
        await RunAsync(c, "c", ("b", 2), ("c", 2));
        await a.WriteAsync(Keyed("a", 0, 2000));
        await b.Prints(IsMessage, 100, "messages");
        await c.Prints(IsMessage, 100, "messages");

        b.Send(Signal.Kill);
        await b.Exits();
        await RunAsync(c, "c", ("c", 4));
        await a.WriteAsync(Keyed("a", 2000, 1000));
        Assert.Equal("filters.enrich is to have 6 on all nodes of the cluster together; `message-router status --cluster` shows where they are.", await Output("resize", "filters.enrich", "6", "--node", "c"));
        await RunAsync(c, "c", ("c", 6));
        a.EndInput();
        (await a.Ends()).AssertBalanced();
        (await c.Stops()).AssertBalanced();

        Assert.Equal(3000, Lines(b, c).Distinct().Count());
        foreach (var key in Read(c).GroupBy(each => each.Key, each => each.Number)) Assert.Equal(key.Order(), key);
    }

    [SkippableFact]
    public async Task A_node_that_stops_with_the_only_copy_does_what_it_has_and_another_one_has_it_then()
    {
        const string One = """
            inputs { lines { type = stdin, to = enrich } }
              filters { enrich { type = delay, delay = 100ms, instances.cluster { total = 1, delivery = at-least-once, feed { queue = 100 } }, route = hash(k), to = out } }
              outputs { out { type = stdout } }
            """;
        var (a, b) = (Run("a", One), Run("b", One));
        await RunAsync(a, "a", ("a", 1), ("b", 0));
        await a.WriteAsync(Keyed("a", 0, 3000));
        await a.Prints(IsMessage, 100, "messages");

        a.Send(Signal.Terminate);
        await b.WriteAsync(Keyed("b", 0, 500));
        (await a.Ends()).AssertBalanced();
        await RunAsync(b, "b", ("b", 1));
        await b.WriteAsync(Keyed("b", 500, 500));
        await b.Until(() => Lines(a, b).Distinct().Count() == 4000, "all messages");
        (await b.Stops()).AssertBalanced();

        foreach (var node in (RouterProcess[])[a, b])
        {
            foreach (var key in Read(node).GroupBy(each => (each.By, each.Key), each => each.Number)) Assert.Equal(key.Order(), key);
        }
    }

    [SkippableFact]
    public async Task Worker_processes_are_divided_among_the_nodes_and_those_of_a_node_that_stops_start_on_another()
    {
        const string Processes = """
            workers { command = [sleep, 1000], instances.cluster { total = 4, per-node = 3 } }
              inputs { lines { type = generator, rate = 1, to = out } }
              outputs { out { type = null } }
            """;
        var (a, b) = (Run("a", Processes), Run("b", Processes));
        await RunAsync(a, "a", ("a", 2), ("b", 2));
        Assert.Contains("workers.workers      4        4  a 2, b 2", await Output("status", "--node", "b", "--cluster"), StringComparison.Ordinal);

        (await b.Stops()).AssertBalanced();
        await RunAsync(a, "a", ("a", 3));
        (await a.Stops()).AssertBalanced();
    }

    [SkippableFact]
    public async Task Copies_and_processes_are_as_many_as_all_files_say_when_the_nodes_have_reloaded_one_after_the_other()
    {
        var (a, b) = (Run("a", Both(4, "instances = 2")), Run("b", Both(4, "instances = 2")));
        await RunAsync(a, "a", ("a", 2), ("b", 2));
        await a.WriteAsync(Keyed("a", 0, 1000));
        await RunsAsync(a, 2);
        await RunsAsync(b, 2);

        // These were each node's own before.
        await ReloadAsync("node1.conf", "a");
        await RunAsync(a, "a", "workers.workers", ("a", 2));
        Assert.Contains("files say several totals: 2 on a; 4 on b", await Output("status", "--node", "b", "--cluster"), StringComparison.Ordinal);
        await a.WriteAsync(Keyed("a", 1000, 1000));
        await ReloadAsync("node2.conf", "b");
        await RunAsync(b, "b", ("a", 1), ("b", 1));
        await RunAsync(b, "b", "workers.workers", ("a", 1), ("b", 1));
        await RunsAsync(a, 1);
        await RunsAsync(b, 1);
        await a.WriteAsync(Keyed("a", 2000, 1000));

        await a.Until(() => Lines(a, b).Distinct().Count() == 3000, "all messages");
        (await a.Stops()).AssertBalanced();
        (await b.Stops()).AssertBalanced();

        async Task ReloadAsync(string file, string node)
        {
            await File.WriteAllTextAsync(Files[file], Config(node, Both(2, "instances.cluster { total = 2 }")));
            await Output("reload", "--node", node, "--yes");
        }

        static string Both(int total, string processes) => $$"""
            workers { command = [sleep, 1000], {{processes}} }
              inputs { lines { type = stdin, to = enrich } }
              filters { enrich { type = set, fields { seen = true }, instances.cluster { total = {{total}}, delivery = at-least-once }, route = hash(k), to = out } }
              outputs { out { type = stdout } }
            """;

        static Task RunsAsync(RouterProcess node, int count) => node.Until(
            async () => (await WorkerProcess.Of(node, "workers.1")).Concat(await WorkerProcess.Of(node, "workers.2")).Count(process => process.IsAlive) == count, $"{count} processes");
    }

    private RouterProcess Feeder() => RunNode(Config("a", Pool, "roles = [feeder],"));

    private string Worker(string node) => Config(node, Pool, "roles = [worker],");

    private const string Pool = """
        inputs { lines { type = stdin, to = enrich } }
          filters { enrich { type = set, fields { seen = true }, instances.cluster { total = 4, roles = [worker], delivery = at-least-once }, route = hash(k), to = out } }
          outputs { out { type = stdout } }
        """;

    /// <summary>Waits until each node has so many, and there are no more.</summary>
    private Task RunAsync(RouterProcess seenBy, string name, params (string Node, int Count)[] expected) => RunAsync(seenBy, name, placed: "", expected);

    private async Task RunAsync(RouterProcess seenBy, string name, string placed, params (string Node, int Count)[] expected)
    {
        var wanted = string.Join(", ", expected.Select(node => string.Create(CultureInfo.InvariantCulture, $"{node.Node} {node.Count}/{node.Count}")));
        await seenBy.Until(async () => await PlacedAsync(name, placed) == wanted, $"{placed} {wanted}");
    }

    /// <param name="node">The node that is asked.</param>
    /// <param name="name">What is placed; empty for the first of it.</param>
    private async Task<string> PlacedAsync(string node, string name)
    {
        var command = MessageRouter("status", "--node", node, "--format", "json");
        if (await command.Exits() != 0) return "";
        var cluster = JsonDocument.Parse(string.Join('\n', command.Output.Lines)).RootElement.GetProperty("cluster");
        return !cluster.TryGetProperty("placed", out var placed) || placed.EnumerateArray().FirstOrDefault(each => name.Length == 0 || each.GetProperty("name").GetString() == name) is not { ValueKind: JsonValueKind.Object } found ? ""
            : string.Join(", ", found.GetProperty("nodes").EnumerateArray().Select(share => $"{share.GetProperty("node")} {share.GetProperty("running")}/{share.GetProperty("share")}"));
    }
}
