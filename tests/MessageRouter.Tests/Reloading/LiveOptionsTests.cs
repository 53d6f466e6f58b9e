using System.Net;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Monitoring;
using MessageRouter.Reloading;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Tests.Zmtp;
using MessageRouter.ZeroMq;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Reloading;

/// <summary>What components take while they work.</summary>
public sealed class LiveOptionsTests
{
    [Fact]
    public async Task A_filter_by_key_looks_for_another_value()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<KeyFilter>("f", new KeyFilter.Options { Key = "n", Match = new JValue(1) }) with { Instances = 2 });
        source.SendNumbers(1, 3);
        await node.SinkAsync(1);

        Assert.Equal(["match"], (await ChangeAsync(node, "f", new KeyFilter.Options { Key = "n", Match = new JValue(2) })).Keys);
        source.SendNumbers(1, 3);

        Assert.Equal(["""{"n":1}""", """{"n":2}"""], await node.SinkAsync(2));
    }

    [Fact]
    public async Task A_generator_makes_messages_at_another_rate()
    {
        var made = Some.Component<GeneratorInput>("in", new GeneratorInput.Options { Rate = 1, Template = "%{seq}" }) with { Codec = MessageFormat.Text };
        await using var node = await TestNode.StartChainAsync(made);
        await node.SinkAsync(1);

        await ChangeAsync(node, "in", new GeneratorInput.Options { Rate = 100, Template = "%{seq}" });
        await Eventually.IsTrueAsync(() => node.Texts("outputs.sink").Count >= 60, node.Clock, TimeSpan.FromMilliseconds(10));

        Assert.True(node.Clock.GetUtcNow() < new DateTimeOffset(2020, 1, 1, 0, 0, 30, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_puller_listens_at_one_endpoint_more_and_keeps_its_peers()
    {
        await using var pull = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var (source, other) = (new ProbeSource(), new ProbeSource());
        await using var push = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: pull.Endpoint()));
        source.SendNumbers(1, 5);
        await pull.SinkAsync(5);
        var peers = pull.Node.Status().Components[0].Connections!.Select(connection => connection.Peer).ToList();
        var more = Zmq.FreeEndpoint();

        var plan = await ChangeAsync(pull, "in", new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort, more] });
        await using var second = await Zmq.StartAsync(other.Input(), Zmq.Push(connect: more));
        other.SendNumbers(6, 5);
        await pull.SinkAsync(10);
        source.SendNumbers(11, 5);
        await pull.SinkAsync(15);

        Assert.Equal(BlockAction.ChangedInPlace, plan.Action);
        Assert.Contains(peers.Single(), pull.Node.Status().Components[0].Connections!.Select(connection => connection.Peer));
        Assert.Equal([pull.Endpoint(), more], pull["inputs.in"].Endpoints);
    }

    [Fact]
    public async Task A_pusher_leaves_one_of_its_workers_and_takes_another()
    {
        await using var first = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var second = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var third = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var source = new ProbeSource();
        await using var push = await Zmq.StartAsync(source.Input(), Zmq.Output(new ZeroMqOutput.Options { SocketType = SenderSocket.Push, Connect = [first.Endpoint(), second.Endpoint()] }));
        await Zmq.UntilAsync(() => push["outputs.out"].Workers!.All(worker => worker.State == "connected"));
        source.SendNumbers(1, 10);
        await first.SinkAsync(5);
        await second.SinkAsync(5);

        await ChangeAsync(push, "out", new ZeroMqOutput.Options { SocketType = SenderSocket.Push, Connect = [second.Endpoint(), third.Endpoint()] });
        await Zmq.UntilAsync(() => push["outputs.out"].Workers!.Count(worker => worker.State == "connected") == 2 && push["outputs.out"].Workers!.Any(worker => worker.State == "gone"));
        source.SendNumbers(11, 10);

        await second.SinkAsync(10);
        await third.SinkAsync(5);
        Assert.Equal(5, first.Texts("outputs.sink").Count);
        await Eventually.IsTrueAsync(() => push["outputs.out"].Out == 20);
    }

    public static TheoryData<string, object, object, string> Limited
    {
        get
        {
            var (input, output) = (new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort] }, new ZeroMqOutput.Options { Bind = [Zmq.AnyPort] });
            var distributor = new DistributorOutput.Options { Bind = [Zmq.AnyPort] };
            var limits = new LimitsOptions { AllowFrom = ["10.0.0.0/8"] };
            return new()
            {
                { "in", input, input with { Limits = limits }, "PUSH" },
                { "out", output, output with { Limits = limits }, "SUB" },
                { "out", output with { SocketType = SenderSocket.Push }, output with { SocketType = SenderSocket.Push, Limits = limits }, "PULL" },
                { "out", distributor, distributor with { Limits = limits }, "PULL" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Limited))]
    public async Task Whoever_has_peers_takes_other_limits_under_its_open_socket(string name, object now, object next, string peers)
    {
        await using var node = await Zmq.StartAsync(name == "in" ? [Component()] : [new ProbeSource().Input(), Component()]);
        var full = $"{name}puts.{name}";
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port()));
        await peer.IntroduceAsync(peers);
        await Zmq.UntilAsync(() => Status().Connections!.Count == 1);
        var endpoint = Assert.Single(Status().Endpoints);

        var plan = await ChangeAsync(node, name, next);

        Assert.Equal((BlockAction.ChangedInPlace, "limits"), (plan.Action, Assert.Single(plan.Keys)));
        await peer.ReceiveToEndAsync();
        await Zmq.UntilAsync(() => Status() is { Connections.Count: 0 } status && status.Refused!.GetValueOrDefault("address") == 1);
        Assert.Equal(endpoint, Assert.Single(Status().Endpoints));

        ComponentStatus Status() => node.Node.Status().Components.Single(component => component.Name == full);

        ComponentDefinition Component() => now switch
        {
            ZeroMqInput.Options options => Zmq.Input(options),
            ZeroMqOutput.Options options => Zmq.Output(options),
            _ => Some.Component<DistributorOutput>("out", now),
        };
    }

    [Fact]
    public async Task A_port_that_is_taken_changes_nothing()
    {
        await using var pull = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var other = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var taken = other.Endpoint();

        var failure = await Assert.ThrowsAsync<ReloadException>(() => ChangeAsync(pull, "in", new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort, taken] }));

        Assert.StartsWith($"inputs.in could not be started: {taken} cannot be bound: it is in use", failure.Message, StringComparison.Ordinal);
        Assert.Single(pull["inputs.in"].Endpoints);
    }

    [Theory]
    [InlineData("swapped")]
    [InlineData("renamed")]
    [InlineData("moved")]
    public async Task A_port_that_another_component_has_until_the_reload_is_done_is_refused_with_the_cure(string how)
    {
        var (one, two, three) = (Zmq.FreeEndpoint(), Zmq.FreeEndpoint(), Zmq.FreeEndpoint());
        await using var node = await Zmq.StartAsync(Zmq.Pull(bind: one));
        var now = node.Node.Definition;
        ComponentDefinition At(string name, string bind) => Zmq.Pull(bind: bind) with { Name = name, To = ["sink"] };
        await node.Node.ReloadAsync(now with { Components = [At("in", one), At("in2", two), .. now.Components.Skip(1)] });
        var next = how switch
        {
            "swapped" => (ComponentDefinition[])[At("in", two), At("in2", one)],
            "renamed" => [At("in", one), At("in3", two)],
            _ => [At("in", two), At("in2", three)],
        };
        var definition = now with { Components = [.. next, .. now.Components.Skip(1)] };

        var obstacle = node.Node.PlanReload(definition).Obstacles[0];
        var failure = await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(definition));

        Assert.EndsWith("has until the reload is done; change the two in two reloads, one after the other", obstacle, StringComparison.Ordinal);
        Assert.Contains(obstacle, failure.Message, StringComparison.Ordinal);
        Assert.Equal([one, two], node.Node.Ledger().Components.Take(2).SelectMany(line => line.Endpoints));
    }

    [Fact]
    public async Task A_plan_says_what_is_opened_and_closed_in_place()
    {
        var (one, two, three) = (Zmq.FreeEndpoint(), Zmq.FreeEndpoint(), Zmq.FreeEndpoint());
        await using var node = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [one, two] }));

        var plan = await ChangeAsync(node, "in", new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [one, three] });

        Assert.Equal([three], plan.Reopened);
        Assert.Equal([two], plan.Closed);
        Assert.EndsWith("peers at what it closes are disconnected, the others stay", plan.Effect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_replaced_keeps_its_port()
    {
        await using var pull = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var source = new ProbeSource();
        var endpoint = pull.Endpoint();
        await using var push = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: endpoint));
        source.SendNumbers(1, 5);
        await pull.SinkAsync(5);

        for (var i = 1; i <= 5; i++)
        {
            var plan = await ChangeAsync(pull, "in", new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort], MaxMessageSize = (16 << 20) + i });
            Assert.Equal((BlockAction.Replaced, endpoint), (plan.Action, pull.Endpoint()));
        }
        source.SendNumbers(6, 5);

        await pull.SinkAsync(10);
    }

    [Fact]
    public async Task A_socket_that_cannot_be_replaced_is_what_it_was()
    {
        await using var other = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        await using var pull = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        var source = new ProbeSource();
        await using var push = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: pull.Endpoint()));
        source.SendNumbers(1, 5);
        await pull.SinkAsync(5);

        await Assert.ThrowsAsync<ReloadException>(() => ChangeAsync(pull, "in", new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Bind = [Zmq.AnyPort, other.Endpoint()], MaxMessageSize = 1 << 20 }));
        source.SendNumbers(6, 5);

        await pull.SinkAsync(10);
        Assert.Single(pull["inputs.in"].Endpoints);
    }

    private static async Task<BlockPlan> ChangeAsync(TestNode node, string name, object options)
    {
        var now = node.Node.Definition;
        var plan = await node.Node.ReloadAsync(now with { Components = [.. now.Components.Select(component => component.Name == name ? component with { Options = options } : component)] });
        return plan.Blocks.Single(block => block.Action != BlockAction.Untouched);
    }
}
