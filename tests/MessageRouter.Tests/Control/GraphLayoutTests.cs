using CsCheck;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Control.Graphs;

namespace MessageRouter.Tests.Control;

/// <summary>What holds of every layout.</summary>
public sealed class GraphLayoutTests
{
    /// <summary>Graphs without cycles: whoever sends stands before the receiver.</summary>
    private static readonly Gen<NodeGraph> Graphs =
        from count in Gen.Int[1, 60]
        from pairs in Gen.Select(Gen.Int[0, 59], Gen.Int[0, 59]).Array[0, 120]
        select Graph(count, pairs.Where(pair => pair.Item1 < pair.Item2 && pair.Item2 < count).Distinct());

    [Fact]
    public void No_two_components_overlap() => Graphs.Sample(graph =>
    {
        var boxes = GraphLayout.Of(graph).Nodes;
        for (var i = 0; i < boxes.Count; i++)
        {
            for (var j = i + 1; j < boxes.Count; j++)
            {
                var (a, b) = (boxes[i], boxes[j]);
                Assert.False(a.X < b.X + b.Width && b.X < a.X + a.Width && a.Y < b.Y + b.Height && b.Y < a.Y + a.Height, $"{a} and {b}");
            }
        }
    });

    [Fact]
    public void Every_edge_goes_from_left_to_right_and_from_box_to_box() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph);
        var boxes = layout.Nodes.ToDictionary(box => box.Node.Name);
        Assert.Equal(graph.Edges.Count, layout.Edges.Count);
        foreach (var edge in layout.Edges)
        {
            var (from, to) = (boxes[edge.Edge.From], boxes[edge.Edge.To]);
            Assert.Equal(from.X + from.Width, edge.Points[0].X);
            Assert.Equal(to.X, edge.Points[^1].X);
            Assert.InRange(edge.Points[0].Y, from.Y, from.Y + from.Height);
            Assert.InRange(edge.Points[^1].Y, to.Y, to.Y + to.Height);
            Assert.Equal(edge.Points.Select(point => point.X).Order(), edge.Points.Select(point => point.X));
        }
    });

    [Fact]
    public void No_edge_runs_through_a_component() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph);
        foreach (var edge in layout.Edges)
        {
            // Where it is level it is in a column, and only there is anything that it could run through.
            for (var i = 1; i + 2 < edge.Points.Count; i += 2)
                Assert.DoesNotContain(layout.Nodes, box => box.X == edge.Points[i].X && edge.Points[i].Y > box.Y && edge.Points[i].Y < box.Y + box.Height);
        }
    });

    [Fact]
    public void Everything_lies_within_the_picture() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph);
        Assert.All(layout.Nodes, box => Assert.True(box.X >= 0 && box.Y >= 0 && box.X + box.Width <= layout.Width && box.Y + box.Height <= layout.Height));
        Assert.All(layout.Edges.SelectMany(edge => edge.Points), point => Assert.True(point.X >= 0 && point.Y >= 0 && point.X <= layout.Width && point.Y <= layout.Height));
    });

    [Fact]
    public void The_same_graph_looks_the_same_each_time() => Graphs.Sample(graph =>
        Assert.Equal(ControlText(GraphLayout.Of(graph)), ControlText(GraphLayout.Of(graph with { Nodes = [.. graph.Nodes], Edges = [.. graph.Edges] }))));

    [Fact]
    public void A_chain_is_a_straight_line()
    {
        var layout = GraphLayout.Of(Graph(5, [(0, 1), (1, 2), (2, 3), (3, 4)]));

        Assert.Single(layout.Nodes.Where(box => !box.Node.IsErrorChain).Select(box => box.Y).Distinct());
        Assert.All(layout.Edges, edge => Assert.Single(edge.Points.Select(point => point.Y).Distinct()));
    }

    [Fact]
    public void What_can_be_drawn_without_crossings_is()
    {
        // Two trees whose branches stand mixed up in the file.
        var layers = Layers.Of(Graph(8, [(0, 7), (1, 6), (0, 5), (1, 4), (0, 3), (1, 2)]), GraphSizes.Default);
        LayerOrder.Arrange(layers);

        Assert.Equal(0, LayerOrder.Crossings(layers));
    }

    [Fact]
    public void The_error_chain_stands_apart_below_the_last_column()
    {
        var layout = GraphLayout.Of(Graph(3, [(0, 1), (0, 2)]));
        var errors = layout.Nodes.Single(box => box.Node.IsErrorChain);

        Assert.DoesNotContain(layout.Edges, edge => edge.Edge.To == GraphNode.ErrorChain);
        Assert.Equal(layout.Nodes.Max(box => box.X), errors.X);
        Assert.True(errors.Y - layout.Nodes.Where(box => !box.Node.IsErrorChain).Max(box => box.Y + box.Height) >= GraphSizes.Default.ErrorsGap);
    }

    [Fact]
    public void A_hundred_outputs_of_one_input_stand_in_several_columns()
    {
        var layout = GraphLayout.Of(Graph(101, Enumerable.Range(1, 100).Select(to => (0, to))));

        Assert.InRange(layout.Width / layout.Height, 0.7, 3);
        Assert.True(layout.Nodes.Select(box => box.X).Distinct().Count() > 3);
    }

    [Fact]
    public void Numbers_do_not_lie_on_one_another_where_edges_fan_out()
    {
        var labels = GraphLayout.Of(Graph(9, Enumerable.Range(1, 8).Select(to => (0, to)))).Edges.Select(edge => edge.Label).ToList();

        Assert.All(labels.Index(), one => Assert.DoesNotContain(labels.Take(one.Index), other =>
            Math.Abs(other.X - one.Item.X) < GraphSizes.Default.LabelWidth && Math.Abs(other.Y - one.Item.Y) < GraphSizes.Default.LabelHeight));
    }

    [Fact]
    public void A_node_of_a_file_has_its_components_in_the_files_order_and_the_error_chain_last()
    {
        var definition = NodeReader.Read(HoconReader.ReadText("node.conf", """
            router {
              inputs { a { type = null, to = [f, o] } }
              filters { f { type = null, instances = 3, to = o } }
              outputs { o { type = null } }
            }
            """), BuiltIns.Registry());
        var graph = NodeGraph.Of(definition);

        Assert.Equal(["inputs.a", "filters.f", "outputs.o", "errors"], graph.Nodes.Select(node => node.Name));
        Assert.Equal(["inputs.a filters.f", "inputs.a outputs.o", "filters.f outputs.o"], graph.Edges.Select(edge => $"{edge.From} {edge.To}"));
        Assert.Equal(3, graph.Nodes[1].Copies);
    }

    private static NodeGraph Graph(int count, IEnumerable<(int From, int To)> edges)
    {
        var nodes = Enumerable.Range(0, count).Select(number => new GraphNode($"filters.n{number}", "null", "filter"));
        return new NodeGraph("any", false, [.. nodes, new GraphNode(GraphNode.ErrorChain, "stderr", "output")], [.. edges.Select(edge => new GraphEdge($"filters.n{edge.From}", $"filters.n{edge.To}"))]);
    }

    private static string ControlText(GraphLayout layout) => string.Join('\n', layout.Nodes.Select(box => $"{box.Node.Name} {box.X} {box.Y}").Concat(layout.Edges.Select(edge => string.Join(' ', edge.Points))));
}
