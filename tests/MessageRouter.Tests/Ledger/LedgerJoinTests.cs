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
        Assert.Contains("it was left before its last word", Join(Receives(Up(9, 9, 0, "left"))).Links.Single().Unknown, StringComparison.Ordinal);
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
    public void What_workers_answered_for_has_come_and_what_they_did_not_went_to_others()
    {
        var join = Join(Sends(17, Given(20, answered: 17, returned: 3)), Receives(Taken(18)));

        Assert.True(join.AddsUp);
        Assert.True(join.IsComplete);
        var link = Assert.Single(join.Links);
        Assert.Equal((20L, 18L, 0L, 2L, 0L), (link.Sent, link.Received, link.LostAtTheEnd, link.WentToOthers, link.UnderWay));
        var alone = Join(Sends(17, Given(20, answered: 17, returned: 3))).Links.Single();
        Assert.Equal((17L, 3L, null), (alone.Received, alone.WentToOthers, alone.Unknown));
    }

    [Theory]
    [InlineData(20, 18, 3, 18, "18 messages were answered for and 3 messages came back of 20 messages that were given")]
    [InlineData(20, 17, 3, 21, "21 messages came, and 20 messages were given")]
    [InlineData(20, 17, 3, 16, "17 messages were answered for, and 16 messages came")]
    public void What_contradicts_where_workers_answer_is_named_too(long given, long answered, long returned, long received, string problem) =>
        Assert.Contains(problem, Join(Sends(answered, Given(given, answered, returned)), Receives(Taken(received))).Links.Single().Problems);

    [Fact]
    public void Of_nodes_that_run_what_came_at_one_look_is_held_against_what_was_sent_at_the_next()
    {
        var join = Live(
            [Sends(Down(90, "connected")), Receives(Up(sent: 95, received: 92, lost: 3, state: "connected"))],
            [Sends(Down(120, "connected")), Receives(Up(sent: 130, received: 127, lost: 3, state: "connected"))]);

        Assert.True(join.AddsUp);
        var link = Assert.Single(join.Links);
        Assert.Equal((120L, 92L, 3L, 0L, 25L), (link.Sent, link.Received, link.LostInTransit, link.LostAtTheEnd, link.UnderWay));

        var more = Live([Sends(Down(90, "connected")), Receives(Up(130, 130, 0, "connected"))], [Sends(Down(120, "connected")), Receives(Up(130, 130, 0, "connected"))]);
        Assert.Contains("the receiver knows of 10 messages more than were sent", more.Links.Single().Problems);
    }

    [Fact]
    public void A_link_of_nodes_that_run_has_ended_when_both_say_so_and_nothing_moves_any_more()
    {
        LedgerSnapshot[] ended = [Sends(Down(100, "broken")), Receives(Up(sent: 90, received: 90, lost: 0, state: "broken"))];

        var (still, moving) = (Live(ended, ended).Links.Single(), Live([Sends(Down(95, "connected")), ended[1]], ended).Links.Single());
        Assert.Equal((10L, 0L), (still.LostAtTheEnd, still.UnderWay));
        Assert.Equal((0L, 10L), (moving.LostAtTheEnd, moving.UnderWay));
    }

    [Fact]
    public void What_workers_of_nodes_that_run_have_is_under_way()
    {
        var link = Live([Sends(5, Given(10, answered: 5, returned: 1)), Receives(Taken(7))], [Sends(8, Given(14, answered: 8, returned: 2)), Receives(Taken(12))]).Links.Single();

        Assert.Equal((14L, 8L, 2L, 4L), (link.Sent, link.Received, link.WentToOthers, link.UnderWay));
        Assert.Empty(link.Problems);
    }

    [Fact]
    public void One_of_more_takers_than_a_node_keeps_apart_is_unknown_and_contradicts_nothing()
    {
        var others = Given(30, answered: 30, returned: 0) with { Node = null, Epoch = null, Component = null, State = "others" };

        var unknown = Join(Sends([.. Many(), others]), Receives(Taken(30))).Links.Single(link => link.To.Node == "b");

        Assert.Equal("a outputs.out (aaaaaaaa) has had more than 256 at the other end, and keeps of it only a sum with others", unknown.Unknown);
        Assert.Empty(unknown.Problems);
        Assert.Contains("30 messages came, of which the sender knows nothing", Join(Sends([.. Many().Skip(1), others]), Receives(Taken(30))).Links.Single(link => link.To.Node == "b").Problems);
        Assert.Contains("30 messages came, of which the sender knows nothing", Join(Sends([.. Many()]), Receives(Taken(30))).Links.Single(link => link.To.Node == "b").Problems);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Of_one_that_is_kept_apart_only_from_some_time_on_the_rest_is_in_the_sum(long received, bool addsUp)
    {
        var others = Given(20, answered: 20, returned: 0) with { Node = null, Epoch = null, Component = null, State = "others" };

        var link = Join(Sends([.. Many().Skip(1), Given(10, answered: 10, returned: 0), others]), Receives(Taken(received))).Links.Single(link => link.To.Node == "b");

        Assert.Equal(addsUp, link.Problems.Count == 0);
        Assert.Equal(addsUp ? "a outputs.out (aaaaaaaa) has had more than 256 at the other end, and keeps some of it only in a sum with others" : null, link.Unknown);
    }

    [Fact]
    public void One_of_more_senders_than_a_node_keeps_apart_is_unknown_too()
    {
        var senders = Enumerable.Range(0, 256).Select(at => Taken(1) with { Node = $"n{at}", Epoch = $"{at:x32}" });
        var others = Taken(30) with { Node = null, Epoch = null, Component = null, State = "others" };

        var plain = Join(Sends(Down(30)), Receives([.. senders, others])).Links.Single(link => link.From.Node == "a");
        Assert.Equal("b inputs.in (bbbbbbbb) has had more than 256 at the other end, and keeps of it only a sum with others", plain.Unknown);
        Assert.Null(plain.Received);

        var answered = Join(Sends(Given(30, answered: 30, returned: 0)), Receives([.. senders.Skip(1), Taken(5), others with { Received = 25, Sent = 25 }])).Links.Single(link => link.From.Node == "a");
        Assert.Empty(answered.Problems);
        Assert.Equal((30L, null), (answered.Received, answered.Unknown));
    }

    private static IEnumerable<DownstreamLine> Many() => Enumerable.Range(0, 256).Select(at => Given(1, answered: 1, returned: 0) with { Node = $"n{at}", Epoch = $"{at:x32}" });

    [Fact]
    public void That_a_node_that_runs_does_not_balance_counts_only_where_it_stays_so()
    {
        var odd = Sends(Down(4, "connected")) with { Balanced = false };
        var even = odd with { Balanced = true };

        Assert.Empty(Live([odd], [even]).NodeProblems);
        Assert.Empty(Live([even], [odd]).NodeProblems);
        Assert.NotEmpty(Live([odd], [odd]).NodeProblems);
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

    private static LedgerJoin Live(params LedgerSnapshot[][] looks) => LedgerJoin.OfLive(looks);

    private static DownstreamLine Given(long given, long answered, long returned) => new() { State = "connected", Node = "b", Epoch = B, Component = "inputs.in", Sent = given, Answered = answered, Returned = returned };

    private static UpstreamLine Taken(long received) => new() { State = "connected", Node = "a", Epoch = A, Component = "outputs.out", Sent = received, Received = received };

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
