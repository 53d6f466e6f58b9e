using System.Xml.Linq;
using MessageRouter.Clustering;
using MessageRouter.Control.Graphs;
using MessageRouter.Monitoring;
using MessageRouter.Tests.Cli.Controlling;

namespace MessageRouter.Tests.Control;

/// <summary>What a graph is written as.</summary>
public sealed class GraphWriterTests
{
    private static readonly NodeGraph Plain = new(
        "shop", false,
        [new GraphNode("inputs.web", "zeromq", "input"), new GraphNode("inputs.app", "stdin", "input"), new GraphNode("filters.look", "delay", "filter") { Copies = 4 }, new GraphNode("outputs.log", "file", "output"), new GraphNode("errors", "stderr", "output")],
        [new GraphEdge("inputs.web", "filters.look"), new GraphEdge("inputs.app", "filters.look"), new GraphEdge("filters.look", "outputs.log")]);

    private static readonly NodeGraph Live = Plain with
    {
        IsLive = true,
        Nodes =
        [
            Plain.Nodes[0] with { State = "running", InRate = 1800 },
            Plain.Nodes[1] with { State = "blocked", WaitsFor = new WaitingFor("outputs.log", "is slower than what comes to it", ["filters.look", "outputs.log"]) },
            Plain.Nodes[2] with { State = "running", InRate = 1800, Fill = 1, Queued = 500, Dropped = Reasons("mailbox-full", 3210), DroppedRate = new Dictionary<string, double> { ["mailbox-full"] = 12 } },
            Plain.Nodes[3] with { State = "running", InRate = 0.25, Dropped = Reasons("evicted", 7) },
            Plain.Nodes[4] with { State = "running" },
        ],
        Edges = [Plain.Edges[0] with { Rate = 1800, DroppedRate = 12, Dropped = Reasons("mailbox-full", 3210) }, Plain.Edges[1], Plain.Edges[2] with { Rate = 0.25 }],
    };

    [Fact]
    public void Text_is_a_tree_of_each_input() => Assert.Equal("""
        shop: 2 inputs, 1 filter, 1 output

        inputs.web               zeromq
        └─ filters.look          delay × 4
           └─ outputs.log        file
        inputs.app               stdin
        └─ filters.look (above)  delay × 4
        errors                   stderr

        """, GraphFormat.Write(Plain, "text"), ignoreLineEndingDifferences: true);

    [Fact]
    public void A_cluster_is_who_feeds_streams_to_whom_and_who_is_away()
    {
        var feeder = SomeCluster.Feeder(("x", 10, 8), ("y", 10, 10), ("z", 5, 0));
        var graph = ClusterGraph.Of(SomeCluster.Of(("feeder", feeder), ("x", SomeCluster.Taker("x", 9)), ("y", SomeCluster.Taker("y", 10)), ("z", null), ("idle", SomeStatus.Shop)));

        Assert.Equal("""
            logs: 2 inputs, 0 filters, 1 output

            component               type        per second  full  state    dropped
            outputs.feed of feeder  feeds jobs         0/s   0 %  running
            ├─ inputs.work of x     takes jobs        13/s   0 %  running
            ├─ inputs.work of y     takes jobs        13/s   0 %  running
            └─ z                    node              13/s   0 %  away
            idle                    node               0/s   0 %  running

            """, GraphFormat.Write(graph, "text"), ignoreLineEndingDifferences: true);
        Assert.All(GraphFormat.Names, format => Assert.Contains("of x", GraphFormat.Write(graph, format), StringComparison.Ordinal));
    }

    [Fact]
    public void What_may_not_be_as_it_was_meant_is_said_in_every_format()
    {
        var cluster = SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8))), ("x", SomeCluster.Taker("x", 9)));
        var graph = ClusterGraph.Of(cluster with { Cluster = cluster.Cluster with { Warnings = [new ClusterWarning("circle", "jobs -> results", "Messages can go round: `jobs` on x -> `results` on y -> `jobs`; see that a filter on the way ends it, or give one of them another stream")] } });

        Assert.EndsWith("\n\nwarning: Messages can go round: `jobs` on x -> `results` on y -> `jobs`; see that a filter on the way ends it, or give one of them another stream\n", GraphFormat.Write(graph, "text").ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(GraphFormat.Names, format => Assert.Contains("Messages can go round", GraphFormat.Write(graph, format), StringComparison.Ordinal));
        var svg = XDocument.Parse(GraphFormat.Write(graph, "svg")).Root!;
        var notes = svg.Descendants().Where(element => element.Name.LocalName == "text" && (string?)element.Attribute("class") == "lost").ToList();
        Assert.True(notes.Count > 1);
        Assert.All(notes, note => Assert.InRange((double)note.Attribute("y")!, 0, (double)svg.Attribute("height")!));
    }

    [Fact]
    public void Text_of_a_running_node_has_its_numbers_and_who_waits_for_whom() => Assert.Equal("""
        shop: 2 inputs, 1 filter, 1 output

        component                type       per second   full  state    dropped
        inputs.web               zeromq         1.8k/s    0 %  running
        └─ filters.look          delay × 4      1.8k/s  100 %  running  12/s mailbox-full (3,210)
           └─ outputs.log        file            0.3/s    0 %  running  7 evicted
        inputs.app               stdin             0/s    0 %  blocked
        └─ filters.look (above)  delay × 4         0/s  100 %  running  12/s mailbox-full (3,210)
        errors                   stderr            0/s    0 %  running

        inputs.app waits for outputs.log, which is slower than what comes to it

        """, GraphFormat.Write(Live, "text"), ignoreLineEndingDifferences: true);

    [Fact]
    public void Text_for_a_terminal_has_in_red_who_loses_messages()
    {
        var lines = GraphFormat.Write(Live, "text", inColor: true).Split('\n');

        Assert.StartsWith("\e[31m└─ filters.look ", lines.First(line => line.Contains("filters.look", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(2, lines.Count(line => line.StartsWith("\e[31m", StringComparison.Ordinal) && line.EndsWith("\e[0m", StringComparison.Ordinal)));
    }

    [Fact]
    public void Dot_is_what_Graphviz_reads() => Assert.Equal("""
        digraph "shop" {
          rankdir=LR;
          node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];
          edge [fontname="sans-serif", fontsize=10];
          "inputs.web" [label="inputs.web\nzeromq\nrunning, 0 % full"];
          "inputs.app" [label="inputs.app\nstdin\nblocked, 0 % full\nheld up by outputs.log"];
          "filters.look" [label="filters.look\ndelay × 4\nrunning, 100 % full\ndropped: 12/s mailbox-full (3,210)", color=red, fontcolor=red];
          "outputs.log" [label="outputs.log\nfile\nrunning, 0 % full\ndropped: 7 evicted"];
          "errors" [label="errors\nstderr\nrunning, 0 % full", style="rounded,dashed"];
          "inputs.web" -> "filters.look" [label="1.8k/s\n12/s dropped: mailbox-full", penwidth=4.4, color=red, fontcolor=red];
          "inputs.app" -> "filters.look" [label="0/s", penwidth=1];
          "filters.look" -> "outputs.log" [label="0.3/s", penwidth=1.5];
        }

        """, GraphFormat.Write(Live, "dot"), ignoreLineEndingDifferences: true);

    [Fact]
    public void Mermaid_is_what_repositories_draw() => Assert.Equal("""
        flowchart LR
          n0(["<b>inputs.web</b><br/>zeromq"])
          n1(["<b>inputs.app</b><br/>stdin"])
          n2["<b>filters.look</b><br/>delay × 4"]
          n3(["<b>outputs.log</b><br/>file"])
          n4(["<b>errors</b><br/>stderr"])
          n0 --> n2
          n1 --> n2
          n2 --> n3
          style n4 stroke-dasharray:5 5

        """, GraphFormat.Write(Plain, "mermaid"), ignoreLineEndingDifferences: true);

    [Fact]
    public void Svg_is_well_formed_needs_nothing_else_and_is_dark_where_its_reader_is()
    {
        var text = GraphFormat.Write(Live with { Name = "a <node> & \"more\"" }, "svg");
        var picture = XDocument.Parse(text);

        Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(5, picture.Descendants().Count(element => element.Attribute("class")?.Value == "box"));
        Assert.Equal(3, picture.Descendants().Count(element => element.Attribute("class")?.Value.StartsWith("edge", StringComparison.Ordinal) == true));
        Assert.Contains(picture.Descendants(), element => element.Value == "12/s mailbox-full (3,210)" && element.Attribute("class")?.Value == "lost");
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.04, "<0.1")]
    [InlineData(0.25, "0.3")]
    [InlineData(9.96, "10")]
    [InlineData(999.4, "999")]
    [InlineData(999.6, "1.0k")]
    [InlineData(45_678, "45.7k")]
    [InlineData(123_456, "123k")]
    [InlineData(7_654_321, "7.7M")]
    [InlineData(3e9, "3.0G")]
    public void Numbers_have_three_digits_at_most(double number, string expected) => Assert.Equal(expected, GraphNumbers.Short(number));

    private static Dictionary<string, long> Reasons(string reason, long count) => new() { [reason] = count };
}
