using System.Text.Json;
using MessageRouter.Monitoring;

namespace MessageRouter.InteropTests;

/// <summary>The commands that look at a running node, each as a process of its own.</summary>
public sealed class WatchingTests(WatchingTests.Shop shop) : IClassFixture<WatchingTests.Shop>
{
    private WatchedNode Node => shop.Node;

    [Fact]
    public async Task The_node_that_runs_is_listed_and_found_without_being_named()
    {
        using var nodes = JsonDocument.Parse((await Node.Does(0, "nodes", "--format", "json")).Output);
        var node = Assert.Single(nodes.RootElement.EnumerateArray());
        Assert.Equal("shop", node.GetProperty("node").GetString());
        Assert.Equal("running", node.GetProperty("state").GetString());
        Assert.Equal(Node["sockets/shop-" + node.GetProperty("pid").GetInt32() + ".sock"], node.GetProperty("socket").GetString());

        var status = NodeStatus.FromJson((await Node.Does(0, "status", "--format", "json")).Output);
        Assert.Equal("shop", status.Node);
        Assert.Contains("no-subscriber", (await Node.Does(0, "status", "--node", $"shop-{node.GetProperty("pid").GetInt32()}")).Output, StringComparison.Ordinal);
        Assert.Contains("error: no node `other` runs; these do:\n  shop-", (await Node.Does(69, "health", "--node", "other")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_names_what_loses_messages()
    {
        await Node.Node.Until(async () => (await Node.Does(0, "health")).Output is var health && health.StartsWith("degraded\n", StringComparison.Ordinal) && health.Contains("outputs.bus is degraded: ", StringComparison.Ordinal), "the node to be degraded");
    }

    [Theory]
    [InlineData("text", "outputs.bus")]
    [InlineData("dot", "digraph")]
    [InlineData("mermaid", "flowchart")]
    [InlineData("svg", "<svg")]
    public async Task The_graph_of_the_node_has_its_numbers(string format, string sign)
    {
        await Node.Node.Until(async () => (await Node.Does(0, "graph", "--format", format)).Output is var graph
            && graph.Contains(sign, StringComparison.Ordinal) && graph.Contains("no-subscriber", StringComparison.Ordinal) && graph.Contains("/s", StringComparison.Ordinal), "rates and drops");
    }

    [Fact]
    public async Task A_tap_shows_messages_as_they_pass_and_ends_when_it_has_enough()
    {
        var (pretty, said) = await Node.Does(0, "tap", "errors-only", "--limit", "3");
        Assert.Equal(3, pretty.Split('\n').Length);
        Assert.All(pretty.Split('\n'), line => Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3}  filters\.errors-only  in ", line));
        Assert.StartsWith("3 messages", said, StringComparison.Ordinal);

        var (raw, _) = await Node.Does(0, "tap", "errors-only", "--side", "out", "--where", "level=error", "--limit", "2", "--format", "raw", "--record", "record.jsonl");
        Assert.All(raw.Split('\n'), line => Assert.Equal("error", JsonDocument.Parse(line).RootElement.GetProperty("level").GetString()));
        Assert.Equal(2, File.ReadAllLines(Node["record.jsonl"]).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Node["record.jsonl"]));

        // What was recorded is sent again in a test of the node.
        await File.WriteAllTextAsync(Node["replay.conf"], """
            include "node.conf"
            tests { replay { send { web { from = record.jsonl } }, expect { archive { count = 2, every { level = error } }, errors-only { in = 2 } } } }
            """);
        Assert.Contains("1 test passed", (await Node.Does(0, "test", "replay.conf")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tap_of_what_is_dropped_says_why()
    {
        var (json, _) = await Node.Does(0, "tap", "bus", "warehouse", "--side", "dropped", "--format", "json", "--duration", "2s");
        var messages = json.Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Contains(messages, message => message.GetProperty("component").GetString() == "outputs.bus" && message.GetProperty("why").GetString()!.Contains("no-subscriber", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_tap_cannot_do_is_said_with_what_was_probably_meant()
    {
        Assert.Equal("error: the node has no component `errors-onli`; did you mean `errors-only`?", (await Node.Does(64, "tap", "errors-onli")).Errors);
        Assert.Contains("^", (await Node.Does(64, "tap", "errors-only", "--where", "message[\"level\"] = = 1")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tap_ends_when_nobody_reads_it()
    {
        var command = $"dotnet {RouterProcess.Command} tap errors-only | head -n 1";
        var shell = new Peer(Path.GetDirectoryName(Node["x"])!, "bash", ["-c", $"set -o pipefail; {command}"], ("MESSAGE_ROUTER_SOCKETS", Node["sockets"]));
        await using (shell) Assert.Equal(0, await shell.Exits());
    }

    [Fact]
    public async Task A_pool_gets_another_size()
    {
        Assert.Equal("errors-only has the size 3 now.", (await Node.Does(0, "resize", "errors-only", "3")).Output);
        Assert.Contains("did you mean `errors-only`?", (await Node.Does(64, "resize", "errors-onli", "3")).Errors, StringComparison.Ordinal);
        Assert.Contains("is not a pool", (await Node.Does(69, "resize", "archive", "3")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_it_is_the_same_with_the_token_and_nothing_without()
    {
        var address = await Node.AddressAsync();

        Assert.Equal("shop", NodeStatus.FromJson((await Node.Does(0, "status", "--control", address, "--token-file", "token", "--format", "json")).Output).Node);
        Assert.Contains("token", (await Node.Does(77, "status", "--control", address)).Errors, StringComparison.Ordinal);
        Assert.Contains("token", (await Node.Does(77, "stop", "--control", address, "--token-file", "wrong-token")).Errors, StringComparison.Ordinal);
        Assert.False(Node.Node.HasExited);
    }

    [Fact]
    public async Task A_message_is_explained_by_the_configuration_of_the_node_that_runs()
    {
        var (text, _) = await Node.Does(0, "explain", "--live", "--message", """{"level":"debug"}""");

        Assert.Contains("filters.errors-only (key, ", text, StringComparison.Ordinal);
        Assert.Contains("because `level` is \"debug\", not \"error\"", text, StringComparison.Ordinal);
        Assert.Contains("Ends: ", text, StringComparison.Ordinal);
        Assert.Contains("error: there is no input `wbe`; did you mean `web`?", (await Node.Does(64, "explain", "--input", "wbe", "--message", "1")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_top_is_a_table_each_time_and_loads_nothing_of_terminals()
    {
        var (two, _) = await Node.Does(0, "top", "--count", "2");
        Assert.Equal(2, two.Split('\n').Count(line => line.StartsWith("component ", StringComparison.Ordinal)));

        var top = Node.Begin("top");
        await top.Prints(line => line.StartsWith("outputs.bus", StringComparison.Ordinal), "a table");
        Assert.False(top.HasLoaded("Spectre.Console"));
        top.Send(Signal.Interrupt);
        Assert.Equal(0, await top.Exits());
    }

    [SkippableTheory]
    [InlineData("80x24", "keys q")]
    [InlineData("40x10", "signal 15")]
    [InlineData("200x50", "keys \\x03")]
    public async Task On_a_terminal_top_has_the_screen_and_gives_it_back(string size, string end)
    {
        Requires.Python();
        var top = Node.BeginInTerminal(size, "top");
        await top.Prints(line => line.Contains("outputs.bus", StringComparison.Ordinal), "the screen");
        await top.WriteAsync("keys 2");
        await top.Prints(line => line.Contains("inputs.web", StringComparison.Ordinal) && line.Contains("filters", StringComparison.Ordinal), "the edges");
        await top.WriteAsync("size 60x12");
        await top.Prints(line => line.Contains(" of 5", StringComparison.Ordinal), "the smaller screen");
        await top.WriteAsync(end);

        Assert.Equal("ended 0 restored True", await top.Prints(line => line.StartsWith("ended ", StringComparison.Ordinal), "the end"));
        Assert.Contains(top.Output.Lines, line => line.Contains("^[[?1049h", StringComparison.Ordinal));
        Assert.Contains(top.Output.Lines, line => line.Contains("^[[?25h", StringComparison.Ordinal) && line.EndsWith("^[[?1049l", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_is_stopped_drains_says_what_for_and_is_found_again_when_it_is_back()
    {
        await using var node = new WatchedNode(WatchedNode.Shop);
        await node.StartsAsync();
        var first = node.Node;
        var top = node.Begin("top");
        await top.Prints(line => line.StartsWith("shop: running", StringComparison.Ordinal) || line.Contains(" shop: running", StringComparison.Ordinal), "a table");

        var (said, _) = await node.Does(75, "stop");
        Assert.Matches(@"(?s)^shop \(pid \d+\) stops\..*waits for [^\n]*outputs\.warehouse \d+.*shop \(pid \d+\) has stopped, in [\d.]+s; its drain was cut short, and \d+ messages are dropped, counted as shutdown\.$", said);
        Assert.Equal(75, await first.Exits());
        Assert.Contains(first.Errors.Lines, line => line.Contains("Draining for 1 s; ", StringComparison.Ordinal) && line.Contains("outputs.warehouse", StringComparison.Ordinal));

        await top.Reports(line => line == "Waiting for the node…", "the node to be gone");
        node.RunAgain();
        await node.StartsAsync();
        var before = top.Output.Lines.Length;
        await top.Until(() => top.Output.Lines.Skip(before).Any(line => line.Contains(" shop: running", StringComparison.Ordinal)), "the node to be back");
    }

    /// <summary>One node for all of them.</summary>
    public sealed class Shop : IAsyncLifetime
    {
        internal WatchedNode Node { get; } = new(WatchedNode.Shop);

        public Task InitializeAsync() => Node.StartsAsync();

        public async Task DisposeAsync() => await Node.DisposeAsync();
    }
}
