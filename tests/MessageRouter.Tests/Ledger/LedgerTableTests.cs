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
