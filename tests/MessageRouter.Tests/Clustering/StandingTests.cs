using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Clustering;

/// <summary>For how long what the cluster has agreed on counts for a node that may be about to be taken to be gone.</summary>
public sealed class StandingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly Standing _standing;
    private long _awake;

    public StandingTests() => _standing = new Standing(() => _awake, _clock) { Patience = Patience };

    public static TheoryData<string, bool> Members => new()
    {
        { "self", true },
        { "self b", true },
        { "self -b", false },
        { "self -b c", true },
        { "self -b -c", false },
        { "self b -c -d", false },
        { "self -b:down", true },
        { "self -b:joining -c:weaklyup", true },
        { "self b c d e f g h i j k l m n o p q r s t", true },
        { "self b c d e f g h i j k l -m -n -o -p -q -r -s -t", true },
        { "self b c d e f g h i j k -l -m -n -o -p -q -r -s -t", false },
        { "self:leaving b", true },
        { "self:joining b", false },
        { "self:weakly-up b c", false },
        { "b c", false },
        { "", false },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void A_node_is_in_touch_where_more_than_half_of_those_that_count_answer_and_it_is_one_of_them(string members, bool isInTouch)
    {
        Set(members);

        Assert.Equal(isInTouch, _standing.IsInTouch);
    }

    [Fact]
    public void Until_it_has_joined_nothing_was_agreed_on_that_could_be_somebody_elses()
    {
        Set("");
        _clock.Advance(2 * Patience);
        Assert.Equal(0, _standing.Period);
        Set("self");
        Assert.Equal(0, _standing.Period);
    }

    [Fact]
    public void Out_of_touch_it_counts_for_a_while_and_then_not_until_it_is_back_when_it_is_another_time()
    {
        Set("self b c");
        Set("self -b -c");
        _clock.Advance(Patience);
        Assert.Equal(0, _standing.Period);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(-1, _standing.Period);
        Set("self -b -c");
        Assert.Equal(-1, _standing.Period);

        Set("self b -c");
        Assert.Equal(1, _standing.Period);
        Set("self -b -c");
        _clock.Advance(Patience);
        Set("self b c");
        Assert.Equal(1, _standing.Period);
    }

    [Fact]
    public void A_node_that_has_joined_where_half_of_the_nodes_do_not_answer_counts_no_longer_than_one_that_loses_them()
    {
        Set("self -b -c");
        _clock.Advance(Patience);
        Assert.Equal(0, _standing.Period);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(-1, _standing.Period);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Taken_to_be_gone_it_counts_no_more_at_once_until_it_has_joined_anew(bool isTold)
    {
        Set("self b c");
        if (isTold) _standing.End();
        else Set("self:down b c");
        Assert.Equal((-1, false), (_standing.Period, _standing.IsInTouch));
        Set("self b c");
        Assert.Equal((-1, false), (_standing.Period, _standing.IsInTouch));

        _standing.Forget();
        Assert.Equal((-1, false), (_standing.Period, _standing.IsInTouch));
        Set("self b c");
        Assert.Equal((1, true), (_standing.Period, _standing.IsInTouch));
    }

    [Fact]
    public void A_process_that_stands_still_does_not_count_and_is_another_time_afterwards()
    {
        Set("self b c");
        _awake = -1;
        Assert.Equal(-1, _standing.Period);
        _awake = 1;
        Assert.Equal(1, _standing.Period);
    }

    /// <param name="members">Names with a state where they are not up, and a hyphen before who does not answer.</param>
    private void Set(string members) => _standing.Set([.. members.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(member =>
    {
        var parts = member.TrimStart('-').Split(':');
        return new KnownMember(new ClusterMember(parts[0], parts[0], parts.ElementAtOrDefault(1) ?? "up", IsReachable: !member.StartsWith('-')) { IsSelf = parts[0] == "self" }, null);
    })]);
}
