using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Distribution;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Distribution;

public class BalancesTests
{
    [Theory]
    [InlineData("", typeof(RoundRobin))]
    [InlineData("balance = round-robin", typeof(RoundRobin))]
    [InlineData("balance = least-queued", typeof(LeastQueued))]
    [InlineData("balance = Least-Queued", typeof(LeastQueued))]
    [InlineData("balance = hash(user.id)", typeof(ByKey))]
    [InlineData("balance = \"hash(user.id)\"", typeof(ByKey))]
    [InlineData("balance = \"hash( items.0 )\"", typeof(ByKey))]
    [InlineData("balance = \"\"\"hash(\"a.b\".c)\"\"\"", typeof(ByKey))]
    [InlineData("balance = \"\"\"hash(\"peer\".identity)\"\"\"", typeof(ByKey))]
    [InlineData("balance = hash(peer.identity)", typeof(ByKey))]
    [InlineData("balance = hash(peer.attributes.team), delivery = at-least-once", typeof(ByKey))]
    public void Says_who_chooses(string keys, Type expected)
    {
        var options = Assert.IsType<DistributorOutput.Options>(Read(keys).Components[1].Options);

        Assert.IsType(expected, Balances.Balancer(options.Balance, options.Queue));
    }

    [Theory]
    [InlineData("random", "must be round-robin, least-queued or hash(FIELD)")]
    [InlineData("round-robbin", "must be round-robin, least-queued or hash(FIELD); did you mean `round-robin`?")]
    [InlineData("least-busy", "must be round-robin, least-queued or hash(FIELD)")]
    [InlineData("hash", "must be round-robin, least-queued or hash(FIELD)")]
    [InlineData("hash(a", "must be round-robin, least-queued or hash(FIELD)")]
    [InlineData("hash()", "names no field: ")]
    [InlineData("hash(a..b)", "names no field: ")]
    [InlineData("hash(peer.name)", "names no field: nothing is known of a peer but ")]
    public void Reports_what_cannot_be_with_its_place(string balance, string problem)
    {
        var report = Assert.Throws<ConfigurationException>(() => Read($"balance = \"{balance}\""));

        var finding = Assert.Single(report.Diagnostics);
        Assert.Contains($"`balance` {problem}", finding.Message, StringComparison.Ordinal);
        Assert.Equal((3, 65), (finding.Span!.Line, finding.Span.Column));
    }

    private static NodeDefinition Read(string keys) => NodeReader.Read(
        HoconReader.ReadText("test.conf", $$"""
            router {
              inputs.a { type = null, to = b }
              outputs.b { type = distributor, bind = "tcp://*:1", {{keys}} }
            }
            """),
        BuiltIns.Registry());
}
