using System.Net;
using System.Net.Sockets;
using MessageRouter.Components;
using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>Nodes with ZeroMQ inputs and outputs.</summary>
internal static class Zmq
{
    public const string AnyPort = "tcp://127.0.0.1:*";

    private static readonly AsyncLocal<WireEngine> EngineOfTest = new();

    private static int _endpoints;

    /// <summary>The engine of the components that are made here, for the test that is running.</summary>
    public static WireEngine Engine
    {
        get => EngineOfTest.Value;
        set => EngineOfTest.Value = value;
    }

    public static Task<TestNode> StartAsync(params ComponentDefinition[] chain) =>
        TestNode.StartAsync(Some.Chain(chain), Engines);

    /// <summary>A node that waits at its end no longer than this.</summary>
    public static Task<TestNode> StartAsync(TimeSpan drainTimeout, params ComponentDefinition[] chain) =>
        TestNode.StartAsync(Some.Chain(chain) with { DrainTimeout = drainTimeout }, Engines);

    /// <remarks>The wire has a time of its own: peers connect again whether the node's clock goes on or not.</remarks>
    /// <summary>The wire of a node.</summary>
    public static void Engines(IServiceCollection services) => services
        .AddSingleton<IPeerEngine>(provider => PeerSockets.Engine(provider.GetRequiredService<ILoggerFactory>(), TimeProvider.System))
        .AddComponentServices();

    public static ComponentDefinition Input(ZeroMqInput.Options options) => Some.Component<ZeroMqInput>("in", options);

    public static ComponentDefinition Output(ZeroMqOutput.Options options) => Some.Component<ZeroMqOutput>("out", options);

    public static ComponentDefinition Pull(string? bind = null, string? connect = null) =>
        Input(new ZeroMqInput.Options { Engine = Engine, SocketType = ReceiverSocket.Pull, Bind = List(bind), Connect = List(connect) });

    public static ComponentDefinition Sub(string? bind = null, string? connect = null, params string[] subscribe) =>
        Input(new ZeroMqInput.Options { Engine = Engine, Bind = List(bind), Connect = List(connect), Subscribe = subscribe.Length == 0 ? [""] : subscribe });

    public static ComponentDefinition Push(string? bind = null, string? connect = null) =>
        Output(new ZeroMqOutput.Options { Engine = Engine, SocketType = SenderSocket.Push, Bind = List(bind), Connect = List(connect) });

    public static ComponentDefinition Pub(string? bind = null, string? connect = null) =>
        Output(new ZeroMqOutput.Options { Engine = Engine, Bind = List(bind), Connect = List(connect) });

    /// <summary>Where a node listens; its ZeroMQ component is named <c>in</c> or <c>out</c>.</summary>
    public static string Endpoint(this TestNode node) =>
        node.Node.Ledger().Components.First(line => line.Endpoints.Count > 0).Endpoints[0];

    public static int Port(this TestNode node) => int.Parse(node.Endpoint().Split(':')[^1]);

    /// <summary>
    /// An endpoint that nothing listens on yet, and nothing else will: where the whole network 127.0.0.0/8 is this machine, each has an address of its own. A port of 127.0.0.1 may become
    /// that of another test's socket, or of a connection, before it is listened on.
    /// </summary>
    public static string FreeEndpoint()
    {
        var number = (uint)Interlocked.Increment(ref _endpoints);
        var address = OperatingSystem.IsMacOS() ? IPAddress.Loopback : new IPAddress([127, (byte)(1 + (Environment.ProcessId % 250)), (byte)(number / 250), (byte)(1 + (number % 250))]);
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return $"tcp://{listener.LocalEndpoint}";
    }

    /// <summary>Waits for what other threads bring about.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition()) await timer.WaitForNextTickAsync(patience.Token);
    }

    public static ComponentDefinition Capacity(this ComponentDefinition component, int capacity) =>
        component with { Mailbox = component.Mailbox with { Capacity = capacity } };

    public static ComponentDefinition Raw(this ComponentDefinition component) => component with { Codec = MessageFormat.Bytes };

    private static string[] List(string? endpoint) => endpoint is null ? [] : [endpoint];
}

/// <summary>A filter that stands still until a test opens the gate.</summary>
internal sealed class GateFilter(GateFilter.Options options) : FilterActor
{
    protected override Message? Filter(Message message)
    {
        options.Gate.Wait();
        options.Seen(message);
        return message;
    }

    internal sealed record Options
    {
        public ManualResetEventSlim Gate { get; } = new();

        public Action<Message> Seen { get; init; } = _ => { };
    }
}
