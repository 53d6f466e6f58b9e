using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Singletons;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Distribution;
using MessageRouter.Filters;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>What is found in what nodes tell of themselves, and said in words.</summary>
public class ClusterWarningsTests
{
    [Fact]
    public void Nothing_is_said_of_nodes_that_go_together() => Assert.Empty(Of(
        Member("a", 1, profile => profile with { Feeds = [Feeding(DeliveryMode.AtLeastOnce)], Flows = [new StreamFlow("jobs", "results")] }),
        Member("b", 2, profile => profile with { Offers = [Offer("b", DeliveryMode.AtLeastOnce)] }),
        new KnownMember(new ClusterMember("", "127.0.0.1:3", "joining", true), null)));

    [Fact]
    public void Streams_that_lead_round_over_several_nodes_are_told()
    {
        var warning = Assert.Single(Of(Member("a", 1, profile => profile with { Flows = [new StreamFlow("jobs", "results")] }), Member("b", 2, profile => profile with { Flows = [new StreamFlow("results", "jobs")] })));

        Assert.Equal(
            new ClusterWarning("circle", "jobs -> results", "Messages can go round: `jobs` on a -> `results` on b -> `jobs`; see that a filter on the way ends it, or give one of them another stream"), warning);
    }

    [Fact]
    public void A_stream_that_is_taken_otherwise_than_it_is_fed_is_told_with_who_does_what()
    {
        var warning = Assert.Single(Of(
            Member("a", 1, profile => profile with { Feeds = [Feeding(DeliveryMode.AtMostOnce)] }),
            Member("b", 2, profile => profile with { Offers = [Offer("b", DeliveryMode.AtLeastOnce)] }),
            Member("c", 3, profile => profile with { Offers = [Offer("c", DeliveryMode.AtMostOnce)] })));

        Assert.Equal(("delivery", "jobs"), (warning.Kind, warning.Subject));
        Assert.Equal("The stream jobs is fed at-most-once by a, and taken at-least-once by b: where the two differ nothing is given; let both have the same `delivery`", warning.Text);
    }

    [Fact]
    public void Two_nodes_of_one_name_that_were_let_in_at_once_are_told_with_where_they_are()
    {
        var warning = Assert.Single(Of(Member("a", 1), Member("a", 2), Member("b", 3)));

        Assert.Equal(new ClusterWarning("name", "a", "2 nodes have the name a, at 127.0.0.1:1, 127.0.0.1:2: give each a `name` of its own"), warning);
    }

    [Theory]
    [InlineData("leaving", true)]
    [InlineData("up", false)]
    public void The_former_run_of_a_node_that_was_started_elsewhere_is_no_second_one(string state, bool isReachable)
    {
        var former = Member("a", 1);

        Assert.Empty(Of(former with { Line = former.Line with { State = state, IsReachable = isReachable } }, Member("a", 2)));
    }

    [Fact]
    public void A_singleton_that_was_given_up_is_told_and_whether_anybody_is_left()
    {
        var some = new SingletonStatus("inputs.in", "c", ["c"]) { GivenUpBy = ["a", "b"] };

        Assert.Equal("inputs.in was given up on a, b, where it failed each time: mend it there, and reload or start again", Assert.Single(ClusterWarnings.Of([], [some])).Text);
        Assert.Equal(
            "inputs.in was given up on a, b, where it failed each time, and no node is left that could have it: mend it there, and reload or start again",
            Assert.Single(ClusterWarnings.Of([], [some with { Node = null, Candidates = [] }])).Text);
    }

    [Fact]
    public void A_singleton_that_fails_whenever_it_is_opened_is_told_with_where() => Assert.Equal(
        "inputs.in fails each time that it is opened on a, where its turn is; its last error there says why, and another node has its turn only when its supervision gives it up there",
        Assert.Single(ClusterWarnings.Of([], [new SingletonStatus("inputs.in", "a", ["a", "b"]) { FailsOn = ["a"] }])).Text);

    [Fact]
    public void That_nobody_has_a_role_is_told_by_a_node_that_is_one_of_the_others_with_who_wants_it()
    {
        var (a, b) = (Lacks("a", 1, "egde"), Lacks("b", 2, "edge"));

        var warning = Assert.Single(Of(Self(a), b));

        Assert.Equal("No node of the cluster has one of the roles `edge`, `egde` of the singleton inputs.in: nobody reads it; give a node the role, or correct it in the file of a, b", warning.Text);
        Assert.Empty(Of(a, b));
        Assert.Empty(Of(Self(a, "joining"), b));
    }

    [Theory]
    [InlineData("joining", true)]
    [InlineData("leaving", true)]
    [InlineData("exiting", false)]
    [InlineData("down", false)]
    public void Somebody_has_a_role_as_long_as_he_is_there(string state, bool counts)
    {
        var edge = new KnownMember(new ClusterMember("", "127.0.0.1:2", state, IsReachable: false) { Roles = ["edge"] }, null);

        Assert.Equal(counts ? 0 : 1, Of(Self(Lacks("a", 1, "edge")), edge).Count);
    }

    [Fact]
    public void A_role_that_nobody_has_is_no_matter_where_another_file_asks_for_none() =>
        Assert.Empty(Of(Self(Lacks("a", 1, "edge")), Member("b", 2, profile => profile with { Singletons = [new SingletonCandidate("inputs.in", 1)] })));

    [Theory]
    [InlineData("""{"Node":"a","Version":"1","Offers":[],"Feeds":[],"Lacking":null}""")]
    [InlineData("""{"Node":"a","Version":"1","Offers":[],"Feeds":[],"Flows":null}""")]
    [InlineData("""{"Node":"a","Version":"1","Offers":[],"Feeds":[],"Failing":null}""")]
    [InlineData("""{"Node":"a","Version":"1","Offers":[],"Feeds":[],"GivenUp":null}""")]
    public void A_profile_that_lacks_something_is_passed_over(string json) => Assert.Null(NodeProfile.FromJson(json));

    [Fact]
    public void A_profile_of_an_earlier_build_tells_what_that_knows_and_one_of_a_later_build_what_this_one_does()
    {
        var earlier = NodeProfile.FromJson("""{"Node":"a","Version":"0.1.0","Offers":[{"Stream":"jobs","Node":"a","Endpoint":"tcp://a:1","Delivery":1}],"Feeds":[]}""")!;
        var later = NodeProfile.FromJson("""{"Node":"a","Version":"9.0.0","Offers":[],"Feeds":[{"Stream":"jobs","Delivery":0,"Route":"by-moon","Phase":"full"}],"Tides":[1,2],"Flows":[{"From":"jobs","To":"results","Why":"so"}]}""")!;

        Assert.Equal(("0.1.0", "tcp://a:1", 0, 0), (earlier.Version, earlier.Offers[0].Endpoint, earlier.Singletons.Count, earlier.Flows.Count));
        Assert.Equal(("9.0.0", "by-moon", new StreamFlow("jobs", "results")), (later.Version, later.Feeds[0].Route, later.Flows[0]));
    }

    [Fact]
    public void A_node_tells_which_streams_lead_to_which_in_it_and_not_more_than_so_many()
    {
        var inputs = Enumerable.Range(0, 20).Select(at => Some.Component<ClusterInput>($"take{at}", new ClusterInput.Options { Stream = $"in{at:00}" }).To("pass"));
        var outputs = Enumerable.Range(0, 20).Select(at => Some.Component<ClusterOutput>($"feed{at}", new ClusterOutput.Options { Stream = $"out{at:00}" }));
        var pass = Some.Component<NullFilter>("pass").To([.. Enumerable.Range(0, 20).Select(at => $"feed{at}")]);

        var flows = StreamFlows.Of([.. inputs, pass, .. outputs]);

        Assert.Equal(StreamFlows.Most, flows.Count);
        Assert.Equal((new StreamFlow("in00", "out00"), new StreamFlow("in00", "out01")), (flows[0], flows[1]));
    }

    private static IReadOnlyList<ClusterWarning> Of(params KnownMember[] members) => ClusterWarnings.Of(members, []);

    private static KnownMember Member(string name, int port, Func<NodeProfile, NodeProfile>? with = null) =>
        new(new ClusterMember(name, $"127.0.0.1:{port}", "up", true), (with ?? (profile => profile))(new NodeProfile(name, "1", [], [])));

    private static KnownMember Lacks(string name, int port, string role) => Member(name, port, profile => profile with { Lacking = [new LackedRole("inputs.in", [role], IsSingleton: true)] });

    private static KnownMember Self(KnownMember member, string state = "up") => member with { Line = member.Line with { IsSelf = true, State = state } };

    private static StreamFeeding Feeding(DeliveryMode delivery) => new("jobs", delivery, "round-robin");

    private static StreamOffer Offer(string node, DeliveryMode delivery) => new("jobs", node, $"tcp://{node}:1", delivery);
}
