using MessageRouter.Cli.Controlling.ClusterTop;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Top;
using MessageRouter.Clustering;

namespace MessageRouter.Tests.Cli.Controlling;

/// <summary><c>top --cluster</c>: what is shown of nodes that come and go.</summary>
public sealed class ClusterScreenTests
{
    private readonly TopState _state = new(ClusterTables.Views);
    private readonly ClusterMemory _memory = new();
    private ClusterReport? _last;
    private ClusterSnapshot _snapshot = null!;

    [Fact]
    public void All_nodes_are_shown_with_what_each_counts_and_what_became_of_all_that_was_sent()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8), ("y", 10, 10))), ("x", SomeCluster.Taker("x", 9)), ("y", SomeCluster.Taker("y", 10))));
        See(1, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 20, 19), ("y", 20, 20))), ("x", SomeCluster.Taker("x", 20)), ("y", SomeCluster.Taker("y", 20))));

        Assert.Equal(
            """
            logs  3 nodes                                                     seen by feeder
            in 25/s  out 25/s  dropped 0/s  failed 0/s  waiting 0
            links 40 sent = 39 received + 0 lost + 1 under way
            1 nodes  2 streams  3 links                                             rates 1s
            """, string.Join('\n', Draw(80, 16).Take(4)));
        Assert.Matches("^feeder +running, leads +0 +25 +0 +0 +39 ", Row("feeder"));
        Assert.Matches("^x +running +13 +0 +0 +20 +0 ", Row("x"));
        Assert.Matches("^y +running +13 +0 +0 +20 +0 ", Row("y"));
    }

    [Fact]
    public void A_node_that_does_not_answer_is_away_with_its_last_numbers_and_the_rest_still_adds_up()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8), ("y", 10, 10))), ("x", SomeCluster.Taker("x", 9)), ("y", SomeCluster.Taker("y", 10))));
        See(3, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 12, 8), ("y", 30, 30))), ("x", null), ("y", SomeCluster.Taker("y", 30))));
        See(5, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 12, 8), ("y", 40, 40))), ("x", null), ("y", SomeCluster.Taker("y", 40))));

        Assert.StartsWith("logs  2 nodes, 1 away ", Draw(100, 20)[0], StringComparison.Ordinal);
        Assert.Equal("links 52 sent = 48 received + 0 lost + 4 under way", Draw(100, 20)[2]);
        Assert.Matches("^x +away 2.0s +0 +9 +0 ", Row("x"));
        Assert.Contains("x has not answered for 2.0s: what it counts is in no sum", Draw(100, 20));
    }

    [Fact]
    public void A_node_that_the_others_have_given_up_is_still_shown_and_its_return_seen()
    {
        var feeder = SomeCluster.Feeder(("y", 10, 10));
        See(0, SomeCluster.Of(("feeder", feeder), ("x", SomeCluster.Taker("x", 9)), ("y", SomeCluster.Taker("y", 10))));
        See(2, SomeCluster.Of(("feeder", feeder), ("x", null), ("y", SomeCluster.Taker("y", 10))));
        See(20, SomeCluster.Of(("feeder", feeder), ("y", SomeCluster.Taker("y", 10))));
        Assert.Matches("^x +gone 18s ", Row("x"));
        Assert.Contains("x is gone for the others; it has not answered for 18s, and what it counts is in no sum", Draw(100, 20));

        See(30, SomeCluster.Of(("feeder", feeder), ("y", SomeCluster.Taker("y", 10)), ("x", SomeCluster.Taker("x", 0, run: 'z'))));
        See(34, SomeCluster.Of(("feeder", feeder), ("y", SomeCluster.Taker("y", 10)), ("x", SomeCluster.Taker("x", 0, run: 'z'))));

        Assert.Matches("^x +running ", Row("x"));
        Assert.Contains("x came back 4.0s ago, after 28s, as a new run", Draw(100, 20));
        See(100, _last!);
        Assert.DoesNotContain(Draw(100, 20), line => line.StartsWith("x came back", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_that_was_started_again_before_anybody_noticed_is_another_run_of_it()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder()), ("x", SomeCluster.Taker("x", 9))));
        See(2, SomeCluster.Of(("feeder", SomeCluster.Feeder()), ("x", SomeCluster.Taker("x", 0, run: 'z'))));

        Assert.Contains("x came back 0.0s ago, as a new run", Draw(100, 20));
    }

    [Fact]
    public void A_node_that_leaves_has_left_and_is_shown_no_more_after_a_while()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder()), ("x", SomeCluster.Taker("x", 9) with { State = "draining" })));
        See(1, SomeCluster.Of(("feeder", SomeCluster.Feeder())));
        See(31, SomeCluster.Of(("feeder", SomeCluster.Feeder())));
        Assert.StartsWith("logs  1 node ", Draw(100, 20)[0], StringComparison.Ordinal);
        Assert.Matches("^x +left 30s ", Row("x"));

        See(62, SomeCluster.Of(("feeder", SomeCluster.Feeder())));
        Assert.DoesNotContain(Draw(100, 20), line => line.StartsWith("x ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_add_up_is_named()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8))), ("x", SomeCluster.Taker("x", 30))));
        See(1, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 20, 8))), ("x", SomeCluster.Taker("x", 30))));

        Assert.EndsWith("DOES NOT ADD UP", Draw(120, 20)[2], StringComparison.Ordinal);
        Assert.Contains(Draw(120, 20), line => line.StartsWith("does not add up: feeder outputs.feed (aaaaaaaa) to x inputs.work (xxxxxxxx): 30 messages came, and 20 messages were", StringComparison.Ordinal));
    }

    [Fact]
    public void Streams_and_links_have_tables_of_their_own()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8), ("y", 10, 10))), ("x", SomeCluster.Taker("x", 9)), ("y", SomeCluster.Taker("y", 10))));
        Press('2');
        Assert.Matches("^jobs +25 +20 +18 +2 +0 +0 +feeder +x, y", Row("jobs"));
        Press('3');
        Assert.Contains(Draw(160, 24), line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^feeder outputs\.feed +x \(tcp://127\.0\.0\.1:5120\) +jobs +connected +13 +10 +8 +2 "));
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    [InlineData(40, 10)]
    [InlineData(10, 3)]
    [InlineData(1, 1)]
    public void Every_screen_has_as_many_lines_as_there_are_and_none_is_too_wide(int width, int height)
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8))), ("x", SomeCluster.Taker("x", 9)), ("y", null)));
        foreach (var keys in (string[])["", "2", "3", "?", "x1jj", "/fee"])
        {
            foreach (var key in keys) Press(key);
            var lines = ClusterScreen.Draw(_snapshot, _state, width, height);

            Assert.InRange(lines.Count, 1, height);
            Assert.All(lines, line => Assert.InRange(TextTable.Columns(line.ToString()), 0, width));
        }
    }

    [Fact]
    public void Without_a_terminal_it_is_a_table_with_the_sum_and_who_is_away()
    {
        See(0, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8))), ("x", SomeCluster.Taker("x", 9)), ("y", null)));
        See(2, SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 20, 18))), ("x", SomeCluster.Taker("x", 19)), ("y", null)));

        var text = PlainClusterTop.Text(_snapshot);

        Assert.Contains(" logs: up, 2 nodes, 1 away\n", text, StringComparison.Ordinal);
        Assert.EndsWith("20 sent = 18 received + 0 lost + 2 under way\ny has not answered for 2.0s: what it counts is in no sum\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_not_be_as_it_was_meant_stands_below()
    {
        var cluster = SomeCluster.Of(("feeder", SomeCluster.Feeder(("x", 10, 8))), ("x", SomeCluster.Taker("x", 9)));
        See(0, cluster with { Cluster = cluster.Cluster with { Warnings = [new ClusterWarning("circle", "jobs -> results", "Messages can go round: `jobs` on x -> `results` on y -> `jobs`")] } });

        Assert.Contains("Messages can go round: `jobs` on x -> `results` on y -> `jobs`", Draw(100, 24));
        Assert.EndsWith("\nwarning: Messages can go round: `jobs` on x -> `results` on y -> `jobs`\n", PlainClusterTop.Text(_snapshot), StringComparison.Ordinal);
    }

    private void See(double at, ClusterReport report)
    {
        _snapshot = ClusterSnapshot.Take(_memory, _last, report, at);
        _last = report;
    }

    private List<string> Draw(int width, int height) => [.. ClusterScreen.Draw(_snapshot, _state, width, height).Select(line => line.ToString().TrimEnd())];

    private string Row(string name) => Draw(100, 24).First(line => line.StartsWith($"{name} ", StringComparison.Ordinal));

    private void Press(char key) => _state.Press(new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false));
}
