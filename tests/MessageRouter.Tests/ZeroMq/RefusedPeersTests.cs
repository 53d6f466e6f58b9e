using System.Net;
using System.Net.Sockets;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>What a node tells of the peers that it has refused, and what becomes of what was too much.</summary>
public class RefusedPeersTests
{
    private static readonly LimitsOptions Closed = new() { AllowFrom = ["10.0.0.0/8"] };

    [Fact]
    public async Task The_status_has_them_by_component_and_reason()
    {
        await using var node = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options { Bind = [Zmq.AnyPort], Limits = Closed }), Some.Component<DistributorOutput>("out", new DistributorOutput.Options { Bind = [Zmq.AnyPort] }));

        for (var i = 0; i < 20; i++) await StrangerAsync(node, "inputs.in");
        await IntruderAsync(node, "outputs.out");

        await Zmq.UntilAsync(() => Refused(node, "inputs.in").Values.Sum() == 20 && Refused(node, "outputs.out").Count == 1);
        Assert.Equal([new("address", 20)], Refused(node, "inputs.in"));
        Assert.Equal([new("version", 1)], Refused(node, "outputs.out"));
        Assert.Contains("\nrefused peers:\n  inputs.in: 20 address\n  outputs.out: 1 version\n", StatusReport.Print(node.Node.Status()), StringComparison.Ordinal);
        Assert.Contains("\"refused\":{\"address\":20}", node.Node.Status().ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_peers_refuses_none()
    {
        await using var node = await TestNode.StartChainAsync(new ProbeSource().Input());

        Assert.All(node.Node.Status().Components, component => Assert.Null(component.Refused));
        Assert.DoesNotContain("refused", StatusReport.Print(node.Node.Status()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_much_in_a_second_is_dropped_and_counted()
    {
        await using var node = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options
        {
            Bind = [Zmq.AnyPort], SocketType = ReceiverSocket.Pull, Limits = new LimitsOptions { MessagesPerSecond = 10, OverRate = RateExcess.Drop },
        }));
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port()));
        await peer.IntroduceAsync("PUSH");

        await peer.SendAsync([.. Enumerable.Repeat(RawPeer.Frame("{}"u8.ToArray()), 1000).SelectMany(frame => frame)]);

        await Zmq.UntilAsync(() => node["inputs.in"].In == 1000 && node["inputs.in"].Queued == 0);
        Assert.Equal(1000, node["inputs.in"].Out + node["inputs.in"].Dropped[DropReasons.OverRate]);
        Assert.True(node["inputs.in"].Out >= 10);
    }

    [Fact]
    public async Task It_is_said_once_at_the_start_where_a_node_is_open_to_others()
    {
        await using var node = await Zmq.StartAsync(
            Zmq.Input(new ZeroMqInput.Options { Bind = ["tcp://*:0"] }), Zmq.Output(new ZeroMqOutput.Options { Bind = ["tcp://*:0"], Limits = Closed }));

        Assert.Equal(
            [
                "Whoever reaches this machine may connect, and is not asked who that is: tcp://*:0 (inputs.in). Listen on an address that only those reach who may, or name them in `limits.allow-from`.",
                "Whoever has one of the addresses that are named may connect, and is not asked who that is: tcp://*:0 (outputs.out, only from 10.0.0.0/8).",
            ],
            node.Log.Lines.Select(line => line.Text).Where(text => text.Contains("is not asked", StringComparison.Ordinal)));
    }

    private static IReadOnlyDictionary<string, long> Refused(TestNode node, string component) => node.Node.Status().Components.Single(line => line.Name == component).Refused!;

    private static async Task StrangerAsync(TestNode node, string component)
    {
        try
        {
            using var peer = await RawPeer.ConnectAsync(AddressOf(node, component));
            await peer.ReceiveToEndAsync();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // That was quick.
        }
    }

    private static async Task IntruderAsync(TestNode node, string component)
    {
        using var peer = await RawPeer.ConnectAsync(AddressOf(node, component));
        await peer.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await peer.ReceiveToEndAsync();
    }

    private static IPEndPoint AddressOf(TestNode node, string component) => new(IPAddress.Loopback, int.Parse(node[component].Endpoints[0].Split(':')[^1]));
}
