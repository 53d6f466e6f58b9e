using MessageRouter.NetMq;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.ZeroMq;

public sealed class NetMqPubSubTests : PubSubTests
{
    public NetMqPubSubTests() => Zmq.Engine = WireEngine.Netmq;
}

public sealed class NetMqPushPullTests : PushPullTests
{
    public NetMqPushPullTests() => Zmq.Engine = WireEngine.Netmq;

    [Fact]
    public void Lets_connections_end_without_a_reset() => Assert.True(ConnectionClose.IsSupported);
}

public sealed class NetMqRestartTests : RestartTests
{
    public NetMqRestartTests() => Zmq.Engine = WireEngine.Netmq;
}
