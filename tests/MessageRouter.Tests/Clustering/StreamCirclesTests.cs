using MessageRouter.Clustering;

namespace MessageRouter.Tests.Clustering;

/// <summary>Streams that lead back to where they come from, over however many nodes.</summary>
public class StreamCirclesTests
{
    [Fact]
    public void A_circle_over_two_nodes_is_told_with_the_way_round() =>
        Assert.Equal(["`jobs` on a -> `results` on b -> `jobs`"], Find(("b", "results", "jobs"), ("a", "jobs", "results")));

    [Fact]
    public void Streams_that_lead_on_and_never_back_are_none() =>
        Assert.Empty(Find(("a", "raw", "clean"), ("b", "clean", "rich"), ("c", "raw", "rich"), ("d", "rich", "kept")));

    [Fact]
    public void What_leads_to_a_circle_and_what_leads_from_it_is_not_on_it() =>
        Assert.Equal(["`a` on one -> `b` on two -> `c` on three -> `a`"], Find(("zero", "before", "a"), ("one", "a", "b"), ("two", "b", "c"), ("three", "c", "a"), ("four", "c", "after")));

    [Fact]
    public void A_stream_that_a_node_leads_to_itself_is_one() => Assert.Equal(["`jobs` on a -> `jobs`"], Find(("a", "jobs", "jobs")));

    [Fact]
    public void Each_stream_that_is_on_a_circle_is_on_one_that_is_told() => Assert.Equal(
        ["`jobs` on a -> `logs` on b -> `jobs`", "`jobs` on a -> `results` on b -> `jobs`"], Find(("a", "jobs", "logs"), ("b", "logs", "jobs"), ("a", "jobs", "results"), ("b", "results", "jobs")));

    [Fact]
    public void Many_nodes_and_many_streams_are_told_in_one_line()
    {
        Assert.Equal(["`x` on a, b, c and 2 others -> `y` on a -> `x`"], Find([.. "edcba".Select(node => (node.ToString(), "x", "y")), ("a", "y", "x")]));
        Assert.Equal(
            "`s00` on n -> `s01` on n -> `s02` on n -> `s03` on n -> `s04` on n -> `s05` on n -> `s06` on n -> `s07` on n -> ... -> `s00`",
            Assert.Single(Find([.. Enumerable.Range(0, 20).Select(at => ("n", $"s{at:00}", $"s{(at + 1) % 20:00}"))])));
    }

    [Fact]
    public void However_many_there_are_so_many_are_told_at_a_time()
    {
        var many = Enumerable.Range(0, 500).SelectMany(at => ((string, string, string)[])[("a", $"there{at}", $"back{at}"), ("b", $"back{at}", $"there{at}")]).ToArray();

        Assert.Equal(StreamCircles.Most, Find(many).Count);
    }

    [Fact]
    public void The_same_way_round_is_the_same_whoever_is_on_it()
    {
        var one = Assert.Single(StreamCircles.Find([("a", new StreamFlow("x", "y")), ("b", new StreamFlow("y", "x"))]));
        var more = Assert.Single(StreamCircles.Find([("a", new StreamFlow("x", "y")), ("b", new StreamFlow("y", "x")), ("c", new StreamFlow("y", "x"))]));

        Assert.Equal(one.Streams, more.Streams);
        Assert.NotEqual(one.ToString(), more.ToString());
    }

    private static List<string> Find(params (string Node, string From, string To)[] flows) =>
        [.. StreamCircles.Find(flows.Select(flow => (flow.Node, new StreamFlow(flow.From, flow.To)))).Select(circle => circle.ToString())];
}
