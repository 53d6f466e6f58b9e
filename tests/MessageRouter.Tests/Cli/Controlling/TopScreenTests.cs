using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Top;

namespace MessageRouter.Tests.Cli.Controlling;

public sealed class TopScreenTests
{
    private readonly TopState _state = new(TopScreen.Views);

    private TopSnapshot _snapshot = new(SomeStatus.Shop, null, new NodeHealth("degraded", true, true,
        [new NodeHealth.Finding("outputs.warehouse", "degraded", "Its mailbox has been full for 34 s.", "It drops messages.", "Have a peer connect, or give it more room.")]));

    [Fact]
    public void Eighty_columns_show_rates_fill_losses_with_their_reason_and_who_holds_up_whom() => Assert.Equal(
        """
        shop  running 2h13m  ● degraded                                  1.2.3  pid 4711
        in 2.00k/s  out 0/s  dropped 1.95k/s  failed 0/s  waiting 20.0k, 3 MiB
        cpu 0.35  memory 57 MiB  heap 12 MiB  gc 4.2 ms  threads 23  files 41
        1 components  2 edges  3 connections  4 pools  5 processes              rates 1s
        component          in/s out/s     fill drops/s             state
        inputs.web        2.00k 2.00k ░░░   0%                     blocked by outputs.w…
        filters.slow      1.95k 1.95k █░░  40%                     running
        outputs.warehouse 1.95k     0 ███ 100% 1.95k evicted       paused, has no peer …
        errors                0     0 ░░░   0%                     running




        outputs.warehouse: Its mailbox has been full for 34 s. → Have a peer connect,
          or give it more room.
        q quit  ? help  1-5 view  ↑↓ details  s sort  w 1s 10s 60s  / filter  p pause
        """, string.Join('\n', Draw(80, 16)));

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

    [Theory]
    [InlineData('1', """
        component           in/s  out/s      fill  queued  oldest  failed/s  drops/s              state
        inputs.web         2.00k  2.00k  ░░░   0%       0                 0                       blocked by outputs.warehouse
        filters.slow       1.95k  1.95k  █░░  40%   10.0k    5.1s         0                       running
        outputs.warehouse  1.95k      0  ███ 100%   10.0k    5.1s         0  1.95k evicted        paused, has no peer that take…
        errors                 0      0  ░░░   0%       0                 0                       running
        """)]
    [InlineData('2', """
        from                 to                    rate/s  drops/s   waiting  dropped        delivered  offered
        inputs.web           filters.slow           1.95k        0     10.0k                     1.89M    1.90M
        filters.slow         outputs.warehouse      1.95k    1.95k         0  1.88M evicted      10.0k    1.89M
        """)]
    [InlineData('3', """
        component          peer                   socket    since    in/s   out/s   queued   unconfirmed   silent   received
        outputs.warehouse  tcp://10.0.0.9:5223    push      1m05s       0       0       12             5     0.4s      120 B
        """)]
    [InlineData('4', """
        component          worker           rate/s   queued   failed      in     out  restarts  state       last error
        filters.slow       1                   975    5.00k        0    950k    945k         0  running
        filters.slow       2                     0    5.00k        7    950k    945k         3  set-aside   no user in it
        """)]
    [InlineData('5', """
        process           state         pid      up  restarts  last error
        mail.1            running      4712   1m01s         0
        mail.2            waiting                           4  It ended with exit code 3.
        """)]
    public void Each_view_has_its_table(char key, string expected)
    {
        Press(key);

        Assert.Equal(expected, string.Join('\n', Draw(120, 16).Skip(4).TakeWhile(line => line.Length > 0)));
    }

    [Fact]
    public void Rates_are_over_the_time_that_is_chosen()
    {
        Assert.Contains("1.95k evicted", Row("outputs.warehouse"), StringComparison.Ordinal);
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
        var later = SomeStatus.Shop.Components[2].Connections![0] with { MessagesOut = 3300 };
        _snapshot = _snapshot.Then(SomeStatus.Shop with { UptimeSeconds = SomeStatus.Shop.UptimeSeconds + 2, Components = [SomeStatus.Shop.Components[2] with { Connections = [later] }] }, null);
        Press('3');

        Assert.Matches(@"^outputs\.warehouse +tcp://10\.0\.0\.9:5223 +push +1m05s +0 +150 ", Row("outputs.warehouse"));
    }

    [Fact]
    public void What_a_peer_calls_itself_moves_no_cursor()
    {
        _snapshot = _snapshot with { Status = _snapshot.Status with { Node = "\e[2Jshop" } };

        Assert.StartsWith(@"\x1b[2Jshop", Draw(80, 24)[0], StringComparison.Ordinal);
    }

    private List<string> Draw(int width, int height) => [.. TopScreen.Draw(_snapshot, _state, width, height).Select(line => line.ToString().TrimEnd())];

    private string Row(string name) => Draw(100, 24).First(line => line.StartsWith($"{name} ", StringComparison.Ordinal));

    private List<string> Names() => [.. Draw(80, 24).Skip(5).TakeWhile(line => line.Length > 0).Select(line => line.Split(' ')[0])];

    private void Press(char key) => _state.Press(new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false));

    private void Press(ConsoleKey key) => _state.Press(new ConsoleKeyInfo('\0', key, false, false, false));
}
