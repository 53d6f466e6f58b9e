using System.Text;
using System.Text.Json.Nodes;
using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>Every loss is told once, to whom it can be told.</summary>
public sealed class ToldLossesTests
{
    private long _received;
    private long _told;

    [Fact]
    public async Task What_a_client_was_about_to_tell_when_it_was_closed_its_successor_tells()
    {
        const int size = 100_000;
        await using var slow = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"], HighWaterMark = 1 });
        await using var node = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
        var client = new MessageClient(slow.Endpoints[0], new MessageClientOptions { Capacity = 3, Linger = TimeSpan.Zero });
        var message = Encoding.ASCII.GetBytes($$"""{"text":"{{new string('x', size)}}"}""");

        // Each time that the node takes a message there were losses before the next one leaves.
        for (var n = 0; n < 50; n++)
        {
            while (client.TrySend(message)) await Task.Yield();
            await NextAsync(slow);
        }
        await client.DisposeAsync();
        await using var successor = new MessageClient(node.Endpoints[0]);
        successor.TellLossesOf(client);
        successor.TrySend("{}"u8);

        while (_received < client.Statistics.Sent) await NextAsync(slow);
        await NextAsync(node);
        Assert.Equal(client.Statistics.Dropped, _told);
    }

    private static long Told(JsonObject line) => (long?)line["dropped"] ?? 0;

    private async Task NextAsync(PullSocket node)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        foreach (var message in await node.ReceiveAsync(patience.Token))
        {
            _received++;
            _told += Told(JsonNode.Parse(message.Payload.Span)!.AsObject());
        }
    }
}
