using System.Globalization;
using MessageRouter.Routing;
using MessageRouter.Tests.Security;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;

namespace MessageRouter.Tests.Links;

/// <summary>Links that go on while both ends are reloaded, encrypted or not.</summary>
public sealed class LinksOverReloadsTests : IDisposable
{
    private readonly SecurityFolder _folder = new("front");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_message_is_in_the_books_of_both_ends_whatever_components_take_the_place_of_others(bool isSealed)
    {
        var source = new ProbeSource();
        var receiver = await TestNode.StartAsync(Receiver(isSealed, linger: 1000), Zmq.Engines);
        var endpoint = receiver["inputs.bus"].Endpoints[0];
        var sender = await TestNode.StartAsync(Sender(source, endpoint, isSealed, linger: 1), Zmq.Engines);
        var sent = 0;
        for (var round = 1; round <= 4; round++)
        {
            source.SendNumbers(sent + 1, 500);
            sent += 500;
            await Eventually.IsTrueAsync(() => receiver["inputs.bus"].Upstream is [{ State: "connected" }]);
            await sender.Node.ReloadAsync(Sender(source, endpoint, isSealed, linger: 1 + round));
            source.SendNumbers(sent + 1, 500);
            sent += 500;
            await receiver.Node.ReloadAsync(Receiver(isSealed, linger: 1000 + round));
        }
        await Eventually.IsTrueAsync(() => sender["outputs.hub"].Out == sent, () => sender.Node.Ledger().ToJson());

        // A last word needs a connection.
        await Eventually.IsTrueAsync(() => receiver["inputs.bus"].Upstream is [{ State: "connected" }]);
        await sender.DisposeAsync();
        await receiver.DisposeAsync();

        var up = Assert.Single(receiver["inputs.bus"].Upstream!);
        var down = Assert.Single(sender["outputs.hub"].Downstream!);
        Assert.Null(up.Contradiction);
        Assert.Equal(("finished", "finished"), (down.State, up.State));
        Assert.Equal((sent, sent), (down.Sent, up.Sent));
        Assert.Equal(sent, up.Received + up.LostInTransit);
        Assert.Equal(receiver["inputs.bus"].In, up.Received);
        Assert.InRange(up.Connections, 2, down.Connections);
    }

    private NodeDefinition Receiver(bool isSealed, int linger) => _folder.Read($$"""
        router {
          name = hub
          security { identities { node { file = node.key_secret } }, peers { office { directory = clients } } }
          inputs { bus { type = zeromq, bind = "tcp://127.0.0.1:0", socket-type = pull, linger = {{linger}}ms, {{(isSealed ? "curve { identity = node, allow = [office] }," : "")}} to = sink } }
          outputs { sink { type = test } }
        }
        """);

    private NodeDefinition Sender(ProbeSource source, string endpoint, bool isSealed, int linger)
    {
        var curve = isSealed ? $", curve {{ identity = front, server = \"{_folder.Node.PublicKey}\" }}" : "";
        var definition = _folder.Read(string.Create(CultureInfo.InvariantCulture, $$"""
            router {
              name = front
              security { identities { front { file = "clients/front.key_secret" } } }
              inputs.in { type = null, to = hub }
              outputs.hub { type = zeromq, socket-type = push, connect = "{{endpoint}}", linger = {{linger}}s, reconnect { min = 1ms, max = 5ms }{{curve}} }
            }
            """));
        return definition with { Components = [source.Input() with { To = ["hub"] }, definition.Components[1]] };
    }
}
