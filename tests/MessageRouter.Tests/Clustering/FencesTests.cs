using Akka.Configuration;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;

namespace MessageRouter.Tests.Clustering;

/// <summary>For how long what was agreed on counts follows what Akka is set to, whoever has said it.</summary>
public sealed class FencesTests
{
    public static TheoryData<string, double, int, double, bool> Settings => new()
    {
        { "", 4.5, 9, 3, false },
        { "akka.cluster.split-brain-resolver.stable-after = 20s", 10, 9, 3, false },
        { "akka.cluster.failure-detector.monitored-by-nr-of-members = 5", 4.5, 5, 3, false },
        { "akka.cluster.failure-detector { acceptable-heartbeat-pause = 1s, heartbeat-interval = 250ms }", 4.5, 9, 1.25, false },
        { "akka.cluster.failure-detector.acceptable-heartbeat-pause = 10s", 4.5, 9, 3, false },
        { "akka.cluster.split-brain-resolver.active-strategy = static-quorum", 4.5, 9, 3, false },
        { "akka.cluster.split-brain-resolver.keep-majority.role = core", 4.5, 9, 3, true },
        { "akka.cluster.split-brain-resolver { active-strategy = static-quorum, static-quorum.role = core }", 4.5, 9, 3, true },
        { "akka.cluster.split-brain-resolver.active-strategy = keep-oldest", 4.5, 9, 3, true },
        { "akka.cluster.split-brain-resolver.active-strategy = down-all", 4.5, 9, 3, false },
        { "akka.cluster.split-brain-resolver.active-strategy = lease-majority", 4.5, 9, 3, true },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void They_follow_the_configuration_in_force(string akka, double patience, int watched, double pause, bool fewMayGoOn)
    {
        var config = AkkaSettings.Of(new ClusterOptions { Name = "logs" }, akka).WithFallback(ConfigurationFactory.Default());

        var expected = new Fences(TimeSpan.FromSeconds(patience), watched, TimeSpan.FromSeconds(pause), fewMayGoOn);
        Assert.Equal(expected, Fences.Of(config));
    }
}
