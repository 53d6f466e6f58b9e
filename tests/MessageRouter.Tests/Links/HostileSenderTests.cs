using System.Net;
using MessageRouter.Links;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.Tests.ZeroMq;

namespace MessageRouter.Tests.Links;

/// <summary>What peers that are not ours see of loss accounting, and what those can do that say that they are.</summary>
public class HostileSenderTests
{
    private static readonly LinkEnd Sender = new("far", new string('a', 32), "outputs.x");

    [Fact]
    public async Task Who_says_nothing_of_it_gets_nothing_but_messages()
    {
        var source = new ProbeSource();
        await using var node = await Zmq.StartAsync(source.Input(), Zmq.Push(bind: Zmq.AnyPort));
        using var puller = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port()));
        await puller.IntroduceAsync("PULL");
        source.Send("1", "2");
        Assert.Equal([0, 1, (byte)'1', 0, 1, (byte)'2'], await puller.ReceiveAsync(6));

        var stopping = node.StopAsync();
        Assert.Empty(await puller.ReceiveToEndAsync());
        puller.Dispose();
        await stopping;
    }

    [Fact]
    public async Task A_malformed_tally_ends_its_connection_and_what_is_not_agreed_on_is_ignored()
    {
        await using var node = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        using var stranger = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port()));
        await stranger.IntroduceAsync("PUSH");
        await stranger.SendAsync(RawPeer.Command("MRLOSS", [9, 9]), RawPeer.Frame("1"u8.ToArray()));
        await node.SinkAsync(1);

        using var liar = await AgreedAsync(node);
        await liar.SendAsync(RawPeer.Command("MRLOSS", [1, 0, 7]));
        await liar.ReceiveToEndAsync();
    }

    [Fact]
    public async Task Who_says_more_or_less_than_came_is_said_to_contradict_and_its_messages_still_come()
    {
        var node = await Zmq.StartAsync(Zmq.Pull(bind: Zmq.AnyPort));
        using (var liar = await AgreedAsync(node))
        {
            var first = new Tally { Begins = true, Account = 1, Serial = 0, Connection = 1, Open = [1] };
            await liar.SendAsync(first.ToFrame(), RawPeer.Frame("1"u8.ToArray()), (first with { Begins = false, Serial = 1, Position = 5 }).ToFrame(), RawPeer.Frame("2"u8.ToArray()));
            await node.SinkAsync(2);
        }
        await node.DisposeAsync();
        Assert.Contains("of 5 messages that were sent over a connection 1 had come", Assert.Single(node["inputs.in"].Upstream!).Contradiction, StringComparison.Ordinal);
    }

    [Fact]
    public void However_many_senders_come_few_lines_are_kept_and_nothing_of_the_sum_is_lost()
    {
        var book = new Upstream();
        const int many = Upstream.MostAccounts + 50;
        for (var number = 0; number < many; number++)
        {
            var connection = new ModelLink(new Run("far", "outputs.x", TimeProvider.System), new Run("here", "inputs.y", TimeProvider.System), [""]).ConnectTo(book);
            book.Hear(connection, new Tally { Begins = true, Account = 1, Connection = 1, Open = [1] });
            connection.Add(2);
            book.End(connection, hasLeft: false);
        }
        var lines = book.Lines();
        Assert.Equal(Upstream.MostAccounts + 1, lines.Count);
        Assert.Equal(2 * many, lines.Sum(line => line.Received));
        Assert.Equal(100, Assert.Single(lines, line => line.State == "earlier").Received);
    }

    [Fact]
    public void However_many_receivers_come_few_lines_are_kept_and_a_forgotten_one_gets_an_account_of_another_number()
    {
        var sender = new Run("here", "outputs.x", TimeProvider.System);
        var first = new Run("far", "inputs.y", TimeProvider.System);
        Meet(first);
        for (var number = 0; number < Downstream.MostAccounts; number++) Meet(new Run($"far{number}", "inputs.y", TimeProvider.System));
        Assert.Equal(Downstream.MostAccounts + 1, sender.Down.Lines().Count);
        Assert.Single(sender.Down.Lines(), line => line is { State: "earlier", Sent: 1 });

        Meet(first);
        Assert.Equal([(1L, 1L), (Downstream.MostAccounts + 2L, 1L)], first.Up.Lines().Select(line => (line.Account!.Value, line.Received)));
        Assert.Equal([null, true], first.Up.Lines().Select(line => line.Uncounted));

        void Meet(Run receiver)
        {
            var link = new ModelLink(sender, receiver, [""]);
            link.Offer("a");
            link.Write(10);
            link.Read(10);
            link.EndAtSender(arrives: true);
            link.Read(1);
        }
    }

    /// <summary>A pusher that says that it is one of ours.</summary>
    private static async Task<RawPeer> AgreedAsync(TestNode node)
    {
        var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port()));
        var property = Sender.Properties().Single();
        await peer.SendAsync(RawPeer.Greeting, RawPeer.Command("READY", [.. RawPeer.Property("Socket-Type", "PUSH"u8.ToArray()), .. RawPeer.Property(property.Key, property.Value)]));
        await peer.ReceiveAsync(64);
        await peer.ReceiveFrameAsync();
        return peer;
    }
}
