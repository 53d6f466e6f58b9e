using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Top;

namespace MessageRouter.Tests.Cli.Controlling;

public sealed class TopScreenTests
{
    private readonly TopState _state = new();

    private TopSnapshot _snapshot = new(SomeStatus.Shop, null, new NodeHealth("degraded", true, true,
        [new NodeHealth.Finding("outputs.warehouse", "degraded", "Its mailbox has been full for 34 s.", "It drops messages.", "Have a peer connect, or give it more room.")]));

    [Fact]
    public void Eighty_columns_show_rates_fill_losses_with_their_reason_and_who_holds_up_whom() => Assert.Equal(
        """
        shop  running 2h13m  ● degraded                                  1.2.3  pid 4711
        in 2.00k/s  out 0/s  dropped 1.95k/s  failed 0/s  waiting 20.0k, 3 MiB of 256 MiB
        """.Split('\n')[0], Draw(80, 24)[0]);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    [InlineData(40, 10)]
    [InlineData(120, 15)]
    [InlineData(10, 3)]
    [InlineData(1, 1)]
    public void Every_screen_has_as_many_lines_as_there_are_and_none_is_too_wide(int width, int height)
    {
        foreach (var keys in (string[])["", "2", "3", "4", "5", "?", "xjj", "/web"])
        {
            foreach (var key in keys) Press(key);
            var lines = TopScreen.Draw(_snapshot, _state, width, height);

            Assert.InRange(lines.Count, 1, height);
            Assert.All(lines, line => Assert.InRange(TextTable.Columns(line.ToString()), 0, width));
        }
    }

    [Fact]
    public void Each_view_has_its_table()
    {
        var seen = Enumerable.Range(1, 5).Select(view =>
        {
            Press((char)('0' + view));
            return Draw(120, 24).SkipWhile(line => !line.StartsWith("1 components", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Trim());
        });

        Assert.Equal(
            """
            component           in/s  out/s  fill           queued  oldest  drops/s             dropped        state
            inputs.web         2.00k  2.00k  ░░░░░░░░   0%       0                                             blocked by outputs.w…
            """, string.Join('\n', seen.First().Take(2)));
    }

    [Fact]
    public void Rates_are_over_the_time_that_is_chosen()
    {
        Assert.Contains("1.95k evicted", Draw(80, 24)[^12..].Concat(Draw(80, 24)).First(line => line.StartsWith("outputs.warehouse", StringComparison.Ordinal)), StringComparison.Ordinal);
        Press('w');
        Assert.Contains("1.94k evicted", Row("outputs.warehouse"), StringComparison.Ordinal);
        Press('w');
        Assert.Contains("1.93k evicted", Row("outputs.warehouse"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_come_first_when_a_number_is_sorted_by_and_the_order_can_be_turned_round()
    {
        Draw(80, 24);
        Press('s');
        Press('s');
        Assert.Contains("in/s▼", Draw(80, 24)[4], StringComparison.Ordinal);
        Assert.Equal(["inputs.web", "filters.slow", "outputs.warehouse", "errors"], Names());
        Press('r');
        Assert.Contains("in/s▲", Draw(80, 24)[4], StringComparison.Ordinal);
        Assert.Equal("errors", Names()[0]);
        Press('S');
        Press('S');
        Assert.Equal(["inputs.web", "filters.slow", "outputs.warehouse", "errors"], Names());
    }

    [Fact]
    public void A_filter_leaves_rows_that_have_it_and_is_dropped_by_escape()
    {
        foreach (var key in "/WARE") Press(key);
        Assert.Equal(["outputs.warehouse"], Names().Where(name => name != "inputs.web"));
        Assert.StartsWith("/WARE_", Draw(80, 24)[^1], StringComparison.Ordinal);
        Press(ConsoleKey.Enter);
        Press('q');
        Assert.True(_state.WantsToQuit);
        Press(ConsoleKey.Escape);
        Assert.Equal(4, Names().Count);
    }

    [Fact]
    public void A_filter_that_nothing_has_says_so()
    {
        foreach (var key in "/nix") Press(key);

        Assert.Contains("Nothing has `nix` in it; Esc shows all.", Draw(80, 24));
    }

    [Fact]
    public void The_row_that_is_looked_at_is_told_in_full()
    {
        Draw(80, 24);
        Press(ConsoleKey.End);
        Press('k');

        var below = Draw(120, 24)[^6..^1];
        Assert.Equal(
            [
                "outputs.warehouse: zeromq, shop.conf:14:5, tcp://10.0.0.9:5223",
                "in 1890000, out 0, filtered 0, failed 0, queued 10000 (976.6 KiB) of 10000, oldest 5.1s",
                "dropped: 1880000 evicted",
                "outputs.warehouse has no peer that takes messages",
            ], below[1..]);
        Press(ConsoleKey.Escape);
        Assert.Contains("outputs.warehouse: Its mailbox has been full for 34 s.", Draw(120, 24)[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void More_rows_than_the_screen_has_are_scrolled_to_what_is_looked_at()
    {
        _snapshot = _snapshot with { Status = _snapshot.Status with { Components = [.. Enumerable.Range(0, 200).Select(number => _snapshot.Status.Components[0] with { Name = $"inputs.i{number}" })] } };
        Assert.Equal("inputs.i0", Names()[0]);
        Press(ConsoleKey.End);
        Draw(80, 24);

        Assert.Contains("inputs.i199", Names());
        Assert.Contains(Draw(80, 24), line => line.EndsWith("of 200", StringComparison.Ordinal));
        Press(ConsoleKey.Home);
        Assert.Equal("inputs.i0", Names()[0]);
    }

    [Fact]
    public void A_node_that_does_not_answer_is_waited_for_and_its_last_figures_stay()
    {
        _snapshot = _snapshot with { SilentSeconds = 3.7 };

        Assert.Equal("shop  waiting for the node… 3.0s", Draw(80, 24)[0]);
        Assert.Contains(Draw(80, 24), line => line.StartsWith("outputs.warehouse", StringComparison.Ordinal));
    }

    [Fact]
    public void Connections_have_rates_since_the_status_before()
    {
        var later = SomeStatus.Shop.Components[2].Connections![0] with { MessagesOut = 420 };
        _snapshot = _snapshot.Then(SomeStatus.Shop with { UptimeSeconds = SomeStatus.Shop.UptimeSeconds + 2, Components = [SomeStatus.Shop.Components[2] with { Connections = [later] }] }, null);
        Press('3');

        Assert.Matches(@"^outputs\.warehouse tcp://10\.0\.0\.9:5223 +push +1m05s +0 +150 ", Row("outputs.warehouse"));
    }

    [Fact]
    public void What_a_peer_calls_itself_moves_no_cursor()
    {
        _snapshot = _snapshot with { Status = _snapshot.Status with { Node = "\e[2Jshop" } };

        Assert.StartsWith(@"\x1b[2Jshop", Draw(80, 24)[0], StringComparison.Ordinal);
    }

    private List<string> Draw(int width, int height) => [.. TopScreen.Draw(_snapshot, _state, width, height).Select(line => line.ToString().TrimEnd())];

    private string Row(string name) => Draw(100, 24).First(line => line.StartsWith(name, StringComparison.Ordinal));

    private List<string> Names() => [.. Draw(80, 24).Skip(5).TakeWhile(line => line.Length > 0).Select(line => line.Split(' ')[0])];

    private void Press(char key) => _state.Press(new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false));

    private void Press(ConsoleKey key) => _state.Press(new ConsoleKeyInfo('\0', key, false, false, false));
}
