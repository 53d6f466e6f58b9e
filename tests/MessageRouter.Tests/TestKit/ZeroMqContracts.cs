using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.TestKit;

/// <summary>Each of the four socket types keeps the contract by each engine.</summary>
public sealed class ZeroMqContracts
{
    public static TheoryData<string> Sockets =>
        [.. Enum.GetNames<WireEngine>().SelectMany(engine => Enum.GetNames<ReceiverSocket>().Concat(Enum.GetNames<SenderSocket>()).Select(socket => $"{engine}{socket}"))];

    [Theory]
    [MemberData(nameof(Sockets))]
    public void Stand_for_every_socket_type_by_every_engine(string socket) =>
        Assert.True(typeof(ZeroMqContracts).Assembly.GetType($"{typeof(ZeroMqContracts).Namespace}.{socket}Contract")?.IsAssignableTo(typeof(ComponentContract)));
}

public sealed class NativePullContract() : ReceiverContract("native", "pull", Zmq.FreeEndpoint());

public sealed class NetmqPullContract() : ReceiverContract("netmq", "pull", Zmq.FreeEndpoint());

public sealed class NativeSubContract() : ReceiverContract("native", "sub", Zmq.FreeEndpoint());

public sealed class NetmqSubContract() : ReceiverContract("netmq", "sub", Zmq.FreeEndpoint());

public sealed class NativePushContract() : SenderContract(typeof(ZeroMqOutput), "engine = native, socket-type = push, ", Zmq.FreeEndpoint());

public sealed class NetmqPushContract() : SenderContract(typeof(ZeroMqOutput), "engine = netmq, socket-type = push, ", Zmq.FreeEndpoint());

public sealed class NativePubContract() : SenderContract(typeof(ZeroMqOutput), "engine = native, socket-type = pub, ", Zmq.FreeEndpoint(), publishes: true);

public sealed class NetmqPubContract() : SenderContract(typeof(ZeroMqOutput), "engine = netmq, socket-type = pub, ", Zmq.FreeEndpoint(), publishes: true);

/// <summary>Inputs: somebody sends to the endpoint that the input binds.</summary>
public abstract class ReceiverContract(string engine, string socket, string endpoint)
    : ComponentContract(typeof(ZeroMqInput), $"engine = {engine}, socket-type = {socket}, bind = \"{endpoint}\"")
{
    private readonly List<TestNode> _senders = [];

    /// <remarks>By a new peer each time: what is sent over a connection that the restart ends is lost.</remarks>
    protected override async Task FeedAsync(ComponentUnderTest subject)
    {
        var source = new ProbeSource();
        _senders.Add(await Zmq.StartAsync(source.Input(), socket == "pull" ? Zmq.Push(connect: endpoint) : Zmq.Pub(connect: endpoint)));
        source.Send("{}");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var sender in _senders) await sender.DisposeAsync();
    }
}

/// <summary>Outputs of which a message leaves when somebody is connected, in the wire's own time, after a restart too.</summary>
public abstract class ConnectedContract(Type output, string keys) : ComponentContract(output, keys)
{
    protected override async Task FeedAsync(ComponentUnderTest subject)
    {
        var before = subject.Ledger.In;
        await base.FeedAsync(subject);
        await Zmq.UntilAsync(() => subject.Ledger is { Queued: 0, In: var taken } && taken > before);
    }
}

/// <summary>Outputs that send to others: one is connected to the endpoint that the output binds.</summary>
public abstract class SenderContract(Type output, string keys, string endpoint, bool publishes = false) : ConnectedContract(output, $"{keys}bind = \"{endpoint}\"")
{
    private TestNode? _receiver;

    public override async Task InitializeAsync() => _receiver = await Zmq.StartAsync(publishes ? Zmq.Sub(connect: endpoint) : Zmq.Pull(connect: endpoint));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver!.DisposeAsync();
    }
}
