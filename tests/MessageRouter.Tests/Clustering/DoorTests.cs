using Akka.Actor;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Reloading;
using MessageRouter.Tests.Support;
using MessageRouter.TestKit;

namespace MessageRouter.Tests.Clustering;

/// <summary>Who is let in by a node of a cluster.</summary>
public sealed class DoorTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public async Task Who_speaks_another_version_of_the_nodes_words_is_refused_with_a_reason_that_is_told_and_logged()
    {
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        var (log, clock) = (new RecordingLog(), node.Clock);
        var view = new ClusterView { Standing = new Standing(() => 0, clock) };
        var self = new Hello(Hello.Version, "logs", "a", "a.example:4053", clock.GetUtcNow());
        var (reload, logger) = (new OwnReload(node.Node, clock), log.CreateLogger("cluster"));
        var door = Sys.ActorOf(Props.Create(() => new Door(self, view, ClusterControl.None, reload, ActorRefs.Nobody, clock, logger)));
        var other = self with { Node = "b", Address = "b.example:4053" };

        Assert.Equal(new Welcome(IsMember: false), await door.Ask<Welcome>(other, TestNode.Patience));
        var refused = await door.Ask<Refused>(other with { Speaks = Hello.Version + 1 }, TestNode.Patience);

        Assert.Equal($"a speaks version {Hello.Version} of the cluster's words, and b version {Hello.Version + 1}: let both be of one version of the router", refused.Reason);
        Assert.Equal($"b at b.example:4053 wanted to join and was refused: {refused.Reason}.", Assert.Single(log.Lines).Text);
        Assert.Equal(1, view.Refused[JoinRefusals.Version]);
    }

    [Fact]
    public async Task While_a_configuration_is_read_for_one_node_the_others_are_answered()
    {
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());
        var (begun, end) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new ManualResetEventSlim());
        node.Node.ReadAgain = new NodeReadings(
            _ =>
            {
                begun.SetResult();
                end.Wait();
                return new Reading(node.Node.Definition, []);
            },
            _ => throw new NotSupportedException());
        var clock = node.Clock;
        var view = new ClusterView { Standing = new Standing(() => 0, clock), Report = () => "{}" };
        view.Set([new KnownMember(new ClusterMember("b", "", "up", IsReachable: true), Profile: null)]);
        var self = new Hello(Hello.Version, "logs", "a", "a.example:4053", clock.GetUtcNow());
        var (reload, logger) = (new OwnReload(node.Node, clock), new RecordingLog().CreateLogger("cluster"));
        var door = Sys.ActorOf(Props.Create(() => new Door(self, view, ClusterControl.Reload, reload, ActorRefs.Nobody, clock, logger)));
        try
        {
            var told = door.Ask<ReloadTold>(new ReloadMember(new MemberReloadRequest(Plan: true)), TestNode.Patience);
            await begun.Task.WaitAsync(TestNode.Patience);

            Assert.Equal(new StatusTold("{}"), await door.Ask<StatusTold>(new TellStatus(), TestNode.Patience));
            Assert.False(told.IsCompleted);
            end.Set();

            Assert.Null(MemberReload.FromJson((await told).Json)!.Problem);
        }
        finally
        {
            end.Set();
        }
    }
}
