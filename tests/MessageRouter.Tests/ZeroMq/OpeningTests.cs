using System.Net.Sockets;
using MessageRouter.Components;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.ZeroMq;

public class OpeningTests
{
    [Fact]
    public async Task An_endpoint_in_use_is_named_and_unavailable()
    {
        await using var first = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));

        await AssertUnavailable(Zmq.Pull(bind: first.Endpoint()), first.Endpoint(), "in use");
    }

    [Fact]
    public Task An_address_of_another_machine_is_named_and_unavailable() =>
        AssertUnavailable(Zmq.Pull(bind: "tcp://192.0.2.1:0"), "tcp://192.0.2.1:0", "no such address");

    [Fact]
    public Task An_unknown_host_is_named_and_unavailable() =>
        AssertUnavailable(Zmq.Pull(connect: "tcp://no-such-host.invalid:5222"), "no-such-host.invalid", "not known");

    [Fact]
    public Task An_inproc_endpoint_that_nobody_bound_is_named_and_unavailable() =>
        AssertUnavailable(Zmq.Pull(connect: "inproc://nobody"), "inproc://nobody", "nothing in this process");

    [Fact]
    public async Task Names_the_port_that_the_system_chose()
    {
        await using var node = await Zmq.StartAsync(Zmq.Pull(bind: "tcp://*:0"));

        Assert.Matches(@"^tcp://0\.0\.0\.0:[1-9]\d+$", node.Endpoint());
        Assert.Contains(node.Log.Lines, line => line.Text.Contains(node.Endpoint()));
    }

    [Fact]
    public async Task Speaks_IPv6_and_names_its_endpoint_rightly()
    {
        if (!Socket.OSSupportsIPv6) return;
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: "tcp://[::1]:0"));
        Assert.Matches(@"^tcp://\[::1\]:[1-9]\d+$", receiver.Endpoint());

        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: receiver.Endpoint()));
        source.SendNumbers(1, 3);
        await receiver.SinkAsync(3);
    }

    [Fact]
    public async Task Connects_within_one_process()
    {
        var source = new ProbeSource();
        await using var receiver = await Zmq.StartAsync(Zmq.Pull(bind: "inproc://connects-within"));
        await using var sender = await Zmq.StartAsync(source.Input(), Zmq.Push(connect: "inproc://connects-within"));
        source.SendNumbers(1, 300);
        await receiver.SinkAsync(300);
    }

    private static async Task AssertUnavailable(ComponentDefinition component, params string[] words)
    {
        var exception = await Assert.ThrowsAsync<ComponentStartException>(() => Zmq.StartAsync(component));
        Assert.True(exception.IsUnavailable);
        Assert.All(words, word => Assert.Contains(word, exception.Message));
    }
}
