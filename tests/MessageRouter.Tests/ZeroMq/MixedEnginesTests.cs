using MessageRouter.Components;
using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>The router's own engine and NetMQ's speak with each other, in whichever direction and whoever binds.</summary>
public sealed class MixedEnginesTests
{
    public static TheoryData<string, string, bool> Pairs => new()
    {
        { "native", "netmq", true },
        { "native", "netmq", false },
        { "netmq", "native", true },
        { "netmq", "native", false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Push_and_pull(string pushes, string pulls, bool pushBinds)
    {
        var (source, endpoint) = (new ProbeSource(), Zmq.FreeEndpoint());
        var push = By(pushes, () => pushBinds ? Zmq.Push(bind: endpoint) : Zmq.Push(connect: endpoint));
        var pull = By(pulls, () => pushBinds ? Zmq.Pull(connect: endpoint) : Zmq.Pull(bind: endpoint));
        await using var sender = await Zmq.StartAsync(source.Input(), push);
        await using var receiver = await Zmq.StartAsync(pull);

        source.SendNumbers(1, 500);

        Assert.Equal(Some.Texts(1, 500), await receiver.SinkAsync(500));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Publish_and_subscribe(string publishes, string subscribes, bool publisherBinds)
    {
        var (source, endpoint) = (new ProbeSource(), Zmq.FreeEndpoint());
        var pub = By(publishes, () => publisherBinds ? Zmq.Pub(bind: endpoint) : Zmq.Pub(connect: endpoint));
        var sub = By(subscribes, () => publisherBinds ? Zmq.Sub(null, endpoint, "\"b", "\"c") : Zmq.Sub(endpoint, null, "\"b", "\"c"));
        await using var publisher = await Zmq.StartAsync(source.Input(), pub);
        await using var subscriber = await Zmq.StartAsync(sub);
        await Eventually.IsTrueAsync(() =>
        {
            source.Send("\"b\"");
            return subscriber["inputs.in"].In > 0;
        });

        source.Send("\"a\"", "\"c\"", "\"a\"", "\"c end\"");

        await Eventually.IsTrueAsync(() => subscriber.Texts("outputs.sink") is [.., "\"c\"", "\"c end\""]);
        Assert.DoesNotContain("\"a\"", subscriber.Texts("outputs.sink"));
    }

    private static ComponentDefinition By(string engine, Func<ComponentDefinition> component)
    {
        Zmq.Engine = Enum.Parse<WireEngine>(engine, ignoreCase: true);
        return component();
    }
}
