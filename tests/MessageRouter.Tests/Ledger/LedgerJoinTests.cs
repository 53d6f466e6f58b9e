using MessageRouter.Ledger;

namespace MessageRouter.Tests.Ledger;

public class LedgerJoinTests
{
    private static readonly string A = new('a', 32), B = new('b', 32);

    [Fact]
    public void A_link_adds_up_when_what_was_sent_has_come_or_is_known_to_be_lost()
    {
        var join = Join(Sends(Down(100)), Receives(Up(sent: 100, received: 97, lost: 3)));
        Assert.True(join.AddsUp);
        Assert.True(join.IsComplete);
        var link = Assert.Single(join.Links);
        Assert.Equal((100L, 97L, 3L, 0L), (link.Sent, link.Received, link.LostInTransit, link.LostAtTheEnd));
    }

    [Fact]
    public void What_was_sent_last_and_the_receiver_was_not_told_any_more_the_two_ledgers_show()
    {
        var join = Join(Sends(Down(100, "broken")), Receives(Up(sent: 90, received: 88, lost: 2, state: "broken")));
        Assert.True(join.AddsUp);
        Assert.Equal(10, Assert.Single(join.Links).LostAtTheEnd);
    }

    [Fact]
    public void A_link_of_which_the_receiver_never_heard_has_lost_everything() =>
        Assert.Equal((0L, 5L), (Join(Sends(Down(5, "broken")), Receives()).Links.Single().Received, Join(Sends(Down(5, "broken")), Receives()).Links.Single().LostAtTheEnd));

    [Fact]
    public void Where_one_ledger_is_missing_it_is_named_what_is_not_known()
    {
        var sent = Join(Sends(Down(100)));
        Assert.True(sent.AddsUp);
        Assert.False(sent.IsComplete);
        Assert.Contains("there is no ledger of b inputs.in (bbbbbbbb): what it received is not known", sent.Links.Single().Unknown, StringComparison.Ordinal);

        var received = Join(Receives(Up(sent: 9, received: 7, lost: 2, state: "broken")));
        Assert.True(received.AddsUp);
        Assert.Contains("a outputs.out (aaaaaaaa): it ended without a last word", received.Links.Single().Unknown, StringComparison.Ordinal);
        Assert.Contains("its last word is all that is known", Join(Receives(Up(9, 9, 0))).Links.Single().Unknown, StringComparison.Ordinal);
    }

    public static TheoryData<string, LedgerSnapshot[]> Contradictions => new()
    {
        { "the receiver knows of 2 messages more than were sent", [Sends(Down(100)), Receives(Up(sent: 102, received: 102, lost: 0))] },
        { "the sender's last word is 100 messages, and 99 messages is what was heard", [Sends(Down(100)), Receives(Up(sent: 99, received: 99, lost: 0))] },
        { "99 messages came and 2 messages got lost of 100 messages that were sent", [Sends(Down(100)), Receives(Up(sent: 101, received: 99, lost: 2))] },
        { "the receiver knows of 4 messages dropped as away, the sender of 3 messages", [Sends(Down(1) with { Dropped = Dropped(3) }), Receives(Up(1, 1, 0) with { DroppedBySender = Dropped(4) })] },
        { "the receiver knows of 1 message before it subscribed, the sender of 0 messages", [Sends(Down(1)), Receives(Up(1, 1, 0) with { BeforeSubscribe = 1 })] },
        { "counts have become less", [Sends(Down(1)), Receives(Up(1, 1, 0) with { Contradiction = "counts have become less" })] },
        { "1 message came, of which the sender knows nothing", [Sends(), Receives(Up(1, 1, 0))] },
        { "inputs.in counts 5 messages, and 4 messages came over its connections", [Sends(Down(4)), Receives(5, Up(4, 4, 0))] },
        { "outputs.out counts 5 messages as delivered, and 4 messages were written to its connections", [Sends(5, Down(4)), Receives(Up(4, 4, 0))] },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_contradicts_is_named_with_its_numbers(string problem, LedgerSnapshot[] ledgers)
    {
        var join = Join(ledgers);
        Assert.False(join.AddsUp);
        Assert.Contains(problem, join.Links.SelectMany(link => link.Problems).Concat(join.NodeProblems.Select(pair => pair.Problem)));
    }

    [Fact]
    public void A_node_that_does_not_balance_by_itself_is_named()
    {
        var join = Join(Sends(Down(4)) with { Edges = [new EdgeLine("outputs.out", "outputs.out", 1, Dropped(0))] });
        Assert.False(join.AddsUp);
        Assert.NotEmpty(join.NodeProblems);
    }

    [Fact]
    public void A_ledger_is_read_as_it_was_written()
    {
        var ledger = Sends(Down(4) with { Dropped = Dropped(3), Uncounted = true });
        var read = LedgerSnapshot.Parse(ledger.ToJson());
        Assert.Equal(ledger.ToJson(), read.ToJson());
        Assert.Equal(A, read.Epoch);
    }

    private static LedgerJoin Join(params LedgerSnapshot[] ledgers) => new(ledgers);

    private static LedgerSnapshot Sends(params DownstreamLine[] lines) => Sends(lines.Sum(line => line.Sent), lines);

    private static LedgerSnapshot Sends(long @out, params DownstreamLine[] lines) => Of("a", A, Component("outputs.out", @out) with { Downstream = lines });

    private static LedgerSnapshot Receives(params UpstreamLine[] lines) => Receives(lines.Sum(line => line.Received), lines);

    private static LedgerSnapshot Receives(long @in, params UpstreamLine[] lines) => Of("b", B, Component("inputs.in", @in) with { Upstream = lines });

    private static LedgerSnapshot Of(string node, string epoch, ComponentLine component) => new(node, 1, [component], [], Balanced: true) { Epoch = epoch };

    private static ComponentLine Component(string name, long count) => new(name, "zeromq", count, 0, count, 0, 0, new Dictionary<string, long>(), 0, 0, []);

    private static DownstreamLine Down(long sent, string state = "finished") => new() { State = state, Node = "b", Epoch = B, Component = "inputs.in", Account = 1, Sent = sent };

    private static UpstreamLine Up(long sent, long received, long lost, string state = "finished") =>
        new() { State = state, Node = "a", Epoch = A, Component = "outputs.out", Account = 1, Sent = sent, Received = received, LostInTransit = lost };

    private static Dictionary<string, long> Dropped(long count) => new() { ["away"] = count };
}
