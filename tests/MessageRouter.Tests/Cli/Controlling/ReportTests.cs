using System.Text.Json;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Tapping;
using MessageRouter.Ledger;

namespace MessageRouter.Tests.Cli.Controlling;

public sealed class ReportTests
{
    [Fact]
    public void The_status_is_the_ledger_with_rates_who_is_held_up_by_whom_and_the_last_errors() => Assert.Equal(
        """
        shop: running for 2h13m, pid 4711, version 1.2.3, base.conf with shop.conf
        20000 waiting, 3 MiB of 256 MiB; 0.35 processors, 57 MiB of memory, heap 12 MiB, 23 threads, 41 files; rates over 10 s

        component          type       state       in/s  out/s  fill       in      out  filtered  failed  drops/s  dropped          queued  restarts
        inputs.web         generator  blocked    2.00k  1.00k    0%  2000000  2000000         0       0        0  0                     0         0
        filters.slow       delay      running    1.95k    975   40%  1900000  1890000         0       7        0  0                 10000         3
          1                           running             975         950000   945000         0       0                              5000         0
          2                           set-aside             0         950000   945000         0       7                              5000         3
        outputs.warehouse  zeromq     paused     1.95k      0  100%  1890000        0         0       0    1.94k  1880000 evicted   10000         0
        errors             stderr     running        0      0    0%        7        7         0       0        0  0                     0         0

        process  state     pid     up  restarts  last error
        mail.1   running  4712  1m01s         0
        mail.2   waiting                      4  It ended with exit code 3.

        held up:
          inputs.web by outputs.warehouse, which has no peer that takes messages (by way of filters.slow)
          outputs.warehouse has no peer that takes messages

        last errors:
          filters.slow, 20s ago: no user in it

        balanced

        """, StatusReport.Print(SomeStatus.Shop));

    [Fact]
    public void What_is_missing_in_sequences_stands_below_the_table()
    {
        var status = SomeStatus.Shop with { Components = [SomeStatus.Shop.Components[1] with { Name = "filters.gaps", LastError = null, Gaps = new GapLine { Lost = 3, Restarts = 1 } }] };

        Assert.Contains("\ngaps in sequences:\n  filters.gaps: 3 lost, 1 restarts\n", StatusReport.Print(status), StringComparison.Ordinal);
    }

    [Fact]
    public void Health_says_what_it_means_and_what_to_do()
    {
        var health = NodeHealth.Of("""{"status":"degraded","live":true,"ready":false,"findings":[{"component":"outputs.a","severity":"degraded","symptom":"Full for 34 s.","meaning":"It drops.","action":"Look at its peer."}],"later":1}""");

        Assert.Equal("degraded, not ready\n\noutputs.a is degraded: Full for 34 s.\n  it means  It drops.\n  to do     Look at its peer.\n", health.Print());
    }

    [Theory]
    [InlineData("""{"time":"2026-01-02T03:04:05.678Z","component":"filters.f","side":"in","peer":"10.0.0.7:4711","payload":"{\"a\":1}","length":7}""", "filters.f   in   10.0.0.7:4711  {\"a\":1}")]
    [InlineData("""{"component":"outputs.b","side":"dropped","why":"mailbox-full","payload":"two\nlines\u001b[2J","length":9}""", @"outputs.b   dropped: mailbox-full  two\x0alines\x1b[2J")]
    [InlineData("""{"component":"x","side":"out","payload":"abc","length":99,"cut":true,"frames_base64":["AA==","AQ=="]}""", "x           out  abc… (99 bytes)  +2 frames")]
    [InlineData("""{"component":"x","side":"out","payload_base64":"/wAB","length":3}""", "x           out  <3 bytes ff0001>")]
    public void A_tapped_message_is_one_line_that_does_nothing_to_the_terminal(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        var line = new TappedMessage(document.RootElement).Print(longestName: 10);

        Assert.EndsWith(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.01, "<0.1")]
    [InlineData(0.44, "0.4")]
    [InlineData(7, "7")]
    [InlineData(9.96, "10")]
    [InlineData(812.4, "812")]
    [InlineData(999.6, "1.00k")]
    [InlineData(1234, "1.23k")]
    [InlineData(9996, "10.0k")]
    [InlineData(98_765, "98.8k")]
    [InlineData(999_600, "1.00M")]
    [InlineData(123_456_789, "123M")]
    public void Numbers_are_short(double number, string expected) => Assert.Equal(expected, Amount.Short(number));

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(0.004, "<1%")]
    [InlineData(0.36, "36%")]
    [InlineData(0.999, "99%")]
    [InlineData(1, "100%")]
    public void Full_is_only_what_is_full(double part, string expected) => Assert.Equal(expected, Amount.Percent(part));

    [Theory]
    [InlineData(4.21, "4.2s")]
    [InlineData(45.9, "45s")]
    [InlineData(133, "2m13s")]
    [InlineData(11_100, "3h05m")]
    [InlineData(352_800, "4d02h")]
    public void Times_have_their_two_largest_units(double seconds, string expected) => Assert.Equal(expected, Amount.Time(seconds));
}
