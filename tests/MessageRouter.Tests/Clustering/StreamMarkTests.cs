using System.Text;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Routing;
using MessageRouter.Tests.Security;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Clustering;

/// <summary>Both ends of a link say which stream it is for, and an input takes nothing of another one.</summary>
public sealed class StreamMarkTests : IDisposable
{
    private const string PlainServer = "plain { users = users }";
    private const string PlainClient = "plain { user = node, password = open-for-streams }";
    private const string CurveServer = "curve { identity = node, allow = [office] }";
    private const string CurveClient = "curve { identity = feeder, server = node.key }";

    private readonly SecurityFolder _folder = new("feeder");
    private readonly ProbeSource _source = new();
    private readonly FakeCluster _cluster = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce, "", "")]
    [InlineData(DeliveryMode.AtMostOnce, PlainServer, PlainClient)]
    [InlineData(DeliveryMode.AtMostOnce, CurveServer, CurveClient)]
    [InlineData(DeliveryMode.AtLeastOnce, "", "")]
    [InlineData(DeliveryMode.AtLeastOnce, PlainServer, PlainClient)]
    [InlineData(DeliveryMode.AtLeastOnce, CurveServer, CurveClient)]
    internal async Task An_input_refuses_who_feeds_another_stream_and_gets_nothing_of_it(DeliveryMode delivery, string takes, string feeds)
    {
        _folder.Users("users", ("node", "open-for-streams"));
        await using var other = await StartAsync("other", "others", delivery, takes);
        using var stale = Offer("jobs", other, delivery);
        await using var feeder = await _cluster.StartAsync("feeder", Some.Chain(_source.Input(), Read("feeder", $"outputs.feed {{ type = cluster, stream = jobs, {Keys(delivery, feeds)} }}").Components.Single(component => component.Name == "feed")));
        _source.SendNumbers(1, 5);

        await Eventually.IsTrueAsync(() => Refused(other, "inputs.work") > 0 && Refused(feeder, "outputs.feed") > 0);
        Assert.Equal(0, other["inputs.work"].In);
        SaysIt(other, "It feeds the stream jobs, and this input takes others.");
        SaysIt(feeder, "It takes the stream others, and this output feeds jobs.");

        stale.Dispose();
        await using var right = await StartAsync("right", "jobs", delivery, takes);
        Assert.Equal(Some.Texts(1, 5), await right.SinkAsync(5));
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 5);
        Assert.Equal(0, feeder["outputs.feed"].Workers!.Sum(line => line.Unknown ?? 0));
    }

    [Theory]
    [InlineData(DeliveryMode.AtMostOnce)]
    [InlineData(DeliveryMode.AtLeastOnce)]
    internal async Task Where_a_reload_gives_a_port_to_another_stream_who_has_not_heard_of_it_loses_nothing(DeliveryMode delivery)
    {
        await using var node = await _cluster.StartAsync("node", Some.Chain(Work("jobs", delivery)));
        using var stale = Offer("jobs", node, delivery);
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "jobs", Delivery = delivery }));
        _source.SendNumbers(1, 5);
        await node.SinkAsync(5);
        await Eventually.IsTrueAsync(() => feeder["outputs.feed"].Out == 5);

        await node.Node.ReloadAsync(Some.Chain(Work("others", delivery, int.Parse(Endpoint(node).Split(':')[^1]))));
        await RefusesAsync();
        _source.SendNumbers(6, 5);
        await RefusesAsync();

        Assert.Equal(5, node["inputs.work"].In);
        stale.Dispose();
        await using var next = await _cluster.StartAsync("next", Some.Chain(Work("jobs", delivery)));
        Assert.Equal(Some.Texts(6, 5), await next.SinkAsync(5));

        Task RefusesAsync()
        {
            var before = Refused(node, "inputs.work");
            return Eventually.IsTrueAsync(() => Refused(node, "inputs.work") > before);
        }
    }

    [Fact]
    public async Task What_is_broadcast_goes_to_no_input_of_another_stream()
    {
        await using var other = await _cluster.StartAsync("other", Some.Chain(Work("others", default)));
        using var stale = Offer("jobs", other, default);
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "jobs", Route = StreamRoute.Broadcast }));
        await using var right = await _cluster.StartAsync("right", Some.Chain(Work("jobs", default)));
        _source.SendNumbers(1, 5);

        Assert.Equal(Some.Texts(1, 5), await right.SinkAsync(5));
        await Eventually.IsTrueAsync(() => Refused(other, "inputs.work") > 0 && Refused(feeder, "outputs.feed") > 0);
        Assert.Equal(0, other["inputs.work"].In);
    }

    [Fact]
    public async Task Who_says_nothing_of_a_stream_as_builds_do_that_may_be_members_too_is_let_in_at_both_ends()
    {
        await using var older = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        using var offer = _cluster.Join("older").Offer("jobs", "work", older.Endpoints[0], DeliveryMode.AtMostOnce, weight: 1, _ => { });
        await using var feeder = await _cluster.StartAsync("feeder", _source.Input(), Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "jobs" }));
        _source.SendNumbers(1, 1);
        Assert.Equal(Some.Text(1), Encoding.UTF8.GetString((await older.ReceiveAsync().AsTask().WaitAsync(TestNode.Patience))[0].Payload.Span));

        await using var taker = await _cluster.StartAsync("taker", Some.Chain(Work("others", default)));
        await using var push = new PushSocket(new ZmtpOptions { Connect = [Endpoint(taker)] });
        await push.SendAsync(new ZmtpMessage(Encoding.UTF8.GetBytes(Some.Text(2))));
        Assert.Equal([Some.Text(2)], await taker.SinkAsync(1));
    }

    private static ComponentDefinition Work(string stream, DeliveryMode delivery, int port = 0) => Some.Component<ClusterInput>("work", new ClusterInput.Options { Stream = stream, Delivery = delivery, Port = port });

    private static string Keys(DeliveryMode delivery, string security) => $"delivery = {(delivery == DeliveryMode.AtLeastOnce ? "at-least-once" : "at-most-once")}{(security.Length > 0 ? ", " : "")}{security}";

    private static string Endpoint(TestNode node) => node.CellOf("inputs/work").Endpoints[0];

    private static long Refused(TestNode node, string component) => node.Node.Status().Components.Single(line => line.Name == component).Refused?.GetValueOrDefault("stream") ?? 0;

    private static void SaysIt(TestNode node, string why) => Assert.Contains(node.Log.Lines, line => line.Text.Contains($"was ended before it began. {why}", StringComparison.Ordinal));

    private Task<TestNode> StartAsync(string name, string stream, DeliveryMode delivery, string security) =>
        _cluster.StartAsync(name, Read(name, $"inputs {{ work {{ type = cluster, stream = {stream}, {Keys(delivery, security)}, to = sink }} }}, outputs.sink {{ type = test }}"));

    /// <summary>A node's file, in the folder with the keys.</summary>
    private NodeDefinition Read(string name, string components) => _folder.Read($$"""
        router {
          name = {{name}}
          cluster { name = logs, seed-nodes = ["127.0.0.1:4053"] }
          security { identities { node { file = node.key_secret }, feeder { file = clients/feeder.key_secret } }, peers { office { directory = clients } } }
          inputs.in { type = null, to = [{{(components.Contains("outputs.sink", StringComparison.Ordinal) ? "sink" : "feed")}}] }
          {{components}}
        }
        """);

    /// <summary>What a node has heard last of an input, whatever that takes now.</summary>
    private IStreamOffering Offer(string stream, TestNode node, DeliveryMode delivery) => _cluster.Join("stale").Offer(stream, "work", Endpoint(node), delivery, weight: 1, _ => { });
}
