using MessageRouter.Ledger;

namespace MessageRouter.Tests.Ledger;

public class LedgerTableTests
{
    private static readonly Dictionary<string, long> None = [];

    [Fact]
    public void Numbers_stand_right_and_reasons_beside_their_counts() =>
        Assert.Equal("""
            component  type     in  created  out  filtered  failed  dropped                        queued  restarts
            inputs.a   zeromq  100        0   99         0       0  1 undecodable                       0         0
            outputs.b  file     99        0   90         0       0  6 mailbox-full, 2 unencodable       1        12
            errors     stderr    3        0    3         0       0  0                                   0         0
            balanced

            """, LedgerTable.Print(Snapshot(
            [
                new("inputs.a", "zeromq", 100, 0, 99, 0, 0, new Dictionary<string, long> { ["undecodable"] = 1 }, 0, 0, []),
                new("outputs.b", "file", 99, 0, 90, 0, 0, new Dictionary<string, long> { ["mailbox-full"] = 6, ["unencodable"] = 2 }, 1, 12, []),
                new("errors", "stderr", 3, 0, 3, 0, 0, None, 0, 0, []),
            ],
            [new("inputs.a", "outputs.b", 99, None), new("inputs.a", "errors", 1, None), new("outputs.b", "errors", 2, None)])));

    [Fact]
    public void What_is_missing_in_sequences_stands_beside_who_has_found_it() =>
        Assert.Equal("""
            component  type        in  created  out  filtered  failed  dropped  queued  restarts  gaps
            inputs.a   stdin        9        0    9         0       0  0             0         0
            filters.g  gap-detect   9        0    9         0       0  0             0         0  3 lost, 1 duplicates
            filters.h  gap-detect   9        0    9         0       0  0             0         0  none
            balanced

            """, LedgerTable.Print(Snapshot(
            [
                new("inputs.a", "stdin", 9, 0, 9, 0, 0, None, 0, 0, []),
                new("filters.g", "gap-detect", 9, 0, 9, 0, 0, None, 0, 0, []) { Gaps = new GapLine { Lost = 3, Duplicates = 1, Sources = 2 } },
                new("filters.h", "gap-detect", 9, 0, 9, 0, 0, None, 0, 0, []) { Gaps = new GapLine() },
            ],
            [new("inputs.a", "filters.g", 9, None), new("filters.g", "filters.h", 9, None)])));

    [Fact]
    public void Workers_stand_below_their_component_with_what_is_known_of_them() =>
        Assert.Equal("""
            component  type      in  created  out  filtered  failed  dropped  queued  restarts  unanswered  redelivered  unknown  per second  last error
            inputs.a   null     100        0  100         0       0  0             0         0
            filters.p  key      100        0   98         0       1  0             1         1
              1        running   50            50                 0                0         0                                          12.5
              2        running   50            48                 1                1         1           3            0        7         0.0  bad luck
            outputs.b  file      98        0   98         0       0  0             0         0
            errors     stderr     1        0    1         0       0  0             0         0
            balanced

            """, LedgerTable.Print(Snapshot(
            [
                Line("inputs.a", 100, 100),
                new("filters.p", "key", 100, 0, 98, 0, 1, None, 1, 1, [],
                [
                    new("1", "running", 50, 50, 0, 12.5, Restarts: 0, Failed: 0),
                    new("2", "running", 50, 48, 1, 0, Restarts: 1, Failed: 1, Unanswered: 3, Redelivered: 0, Unknown: 7, LastError: "bad\nluck"),
                ]),
                new("outputs.b", "file", 98, 0, 98, 0, 0, None, 0, 0, []),
                new("errors", "stderr", 1, 0, 1, 0, 0, None, 0, 0, []),
            ],
            [new("inputs.a", "filters.p", 100, None), new("filters.p", "outputs.b", 98, None), new("filters.p", "errors", 1, None)])));

    [Fact]
    public void How_much_is_queued_is_said_in_bytes_where_that_is_much() =>
        Assert.Equal("""
            component  type  in  created  out  filtered  failed  dropped  queued  restarts  queued size
            inputs.a   null   3        0    3         0       0  0             0         0
            outputs.b  file   3        0    0         0       0  0             3         0     28.6 MiB
            balanced

            """, LedgerTable.Print(Snapshot(
            [Line("inputs.a", 3, 3), new("outputs.b", "file", 3, 0, 0, 0, 0, None, 3, 0, []) { QueuedBytes = 30_000_000 }], [new("inputs.a", "outputs.b", 3, None)])));

    [Fact]
    public void Worker_processes_stand_below_the_components() =>
        Assert.Equal("""
            component  type  in  created  out  filtered  failed  dropped  queued  restarts
            inputs.a   null   0        0    0         0       0  0             0         0
            process   state    restarts  last error
            mail.1    running         0
            resize.1  stopped        12  exit code 1 after 3 s
            balanced

            """, LedgerTable.Print(Snapshot([Line("inputs.a", 0, 0)], []) with
        {
            Processes = [new("mail.1", "mail", 7, "running", 0, 1.5, null), new("resize.1", "resize", null, "stopped", 12, 0, "exit code 1 after 3 s")],
        }));

    [Fact]
    public void Says_which_component_loses_messages() =>
        Assert.EndsWith("NOT BALANCED: inputs.a cannot account for 2 messages; outputs.b accounts for 1 message too many\n", LedgerTable.Print(Snapshot(
            [Line("inputs.a", 12, 10), Line("outputs.b", 10, 11)], [new("inputs.a", "outputs.b", 10, None)])), StringComparison.Ordinal);

    [Fact]
    public void Says_between_which_components_messages_are_lost() =>
        Assert.EndsWith("NOT BALANCED: inputs.a sent 10 messages, but outputs.b was offered 9\n", LedgerTable.Print(Snapshot(
            [Line("inputs.a", 10, 10), Line("outputs.b", 9, 9)], [new("inputs.a", "outputs.b", 9, None)])), StringComparison.Ordinal);

    [Fact]
    public void Says_who_counts_less_than_it_was_offered() =>
        Assert.EndsWith("NOT BALANCED: outputs.b was offered 10 messages, but counted 9\n", LedgerTable.Print(Snapshot(
            [Line("inputs.a", 10, 10), Line("outputs.b", 9, 9)], [new("inputs.a", "outputs.b", 10, None)])), StringComparison.Ordinal);

    private static ComponentLine Line(string name, long into, long outOf) => new(name, "null", into, 0, outOf, 0, 0, None, 0, 0, []);

    private static LedgerSnapshot Snapshot(ComponentLine[] components, EdgeLine[] edges) =>
        new("n", 1, components, edges, LedgerSnapshot.IsBalanced(components, edges));
}
