using Akka.Actor;
using Akka.Configuration;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Support;

/// <summary>
/// A node in this process, with time that moves only when told to. Disposing it drains the node and checks that its
/// ledger balances.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen; reached only when the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system;
    private readonly ServiceProvider _services;
    private bool _stopped;

    private TestNode(NodeDefinition definition, Action<IServiceCollection>? configure)
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log))
            .AddSingleton(Recorded)
            .AddSingleton<TimeProvider>(Clock);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
        _system = ActorSystem.Create("test", ConfigurationFactory.ParseString(ComponentMailboxType.Hocon + "\nakka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }"));
        Node = new RouterNode(definition, _services, _services.GetRequiredService<ILoggerFactory>(), Clock);
    }

    public RouterNode Node { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public RecordedMessages Recorded { get; } = new();

    public RecordingLog Log { get; } = new();

    public ActorSystem System => _system;

    public static async Task<TestNode> StartAsync(NodeDefinition definition, Action<IServiceCollection>? configure = null, Action<RouterNode>? created = null)
    {
        var node = new TestNode(definition, configure);
        created?.Invoke(node.Node);
        try
        {
            await node.Node.StartAsync(node._system).WaitAsync(Patience);
        }
        catch
        {
            node._stopped = true;
            await node.DisposeAsync();
            throw;
        }
        return node;
    }

    /// <summary>A chain of components, each sending to the next, with a <c>test</c> output named <c>sink</c> at its end.</summary>
    public static Task<TestNode> StartChainAsync(params ComponentDefinition[] chain) => StartAsync(Some.Chain(chain));

    /// <summary>What a filter with these options makes of some payloads; the node is stopped then.</summary>
    public static async Task<IReadOnlyList<string>> FilterAsync<TFilter>(object? options, params string[] payloads)
        where TFilter : FilterActor
    {
        var source = new ProbeSource();
        await using var node = await StartChainAsync(source.Input(), Some.Component<TFilter>("f", options));
        source.Send(payloads);
        await node.StopAsync();
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
        return node.Texts("outputs.sink");
    }

    /// <summary>The payloads that a <c>test</c> output has up to now; the error chain's is named <c>errors</c>.</summary>
    public IReadOnlyList<string> Texts(string output) => Recorded[output].Select(message => message.ToString()).ToList();

    public ComponentLine this[string component] => Node.Ledger().Components.Single(line => line.Name == component);

    /// <summary>The messages of the sink as text, when it has this many.</summary>
    public async Task<IReadOnlyList<string>> SinkAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var messages = await Recorded.WaitForAsync("outputs.sink", count, patience.Token);
        return messages.Select(message => message.ToString()).ToList();
    }

    /// <summary>
    /// Waits until a component, by its path such as <c>outputs/sink</c>, has handled what it was told up to now and
    /// is done with what it was at, the timers that it then sets included.
    /// </summary>
    public Task HandledAsync(string path) => _system.ActorSelection("/user/router/" + path).Ask<ActorIdentity>(new Identify(1), Patience);

    /// <summary>Waits until a component holds so many messages, which it has taken from its mailbox, and is done with what it does at once.</summary>
    public async Task HoldsAsync(string path, int count)
    {
        var cell = ComponentCells.Of(_system).Find(ActorPath.Parse("akka://test/user/router/" + path));
        await Eventually.IsTrueAsync(() => cell.Counts.Held.Value == count);
        await HandledAsync(path);
    }

    public async Task<LedgerSnapshot> StopAsync()
    {
        _stopped = true;
        await Node.StopAsync().WaitAsync(Patience);
        return Node.Ledger();
    }

    /// <summary>Stops the node while its time goes on, for components that wait before they go on.</summary>
    /// <returns>What <see cref="RouterNode.StopAsync"/> says.</returns>
    public async Task<bool> StopWhileTimePassesAsync(CancellationToken cancellation = default)
    {
        _stopped = true;
        var stopping = Node.StopAsync(cancellation);
        await Eventually.IsTrueAsync(() => stopping.IsCompleted, Clock, TimeSpan.FromMilliseconds(50), () => Node.Ledger().ToJson());
        return await stopping;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            var ledger = await StopAsync();
            Assert.True(ledger.Balanced, ledger.ToJson());
        }
        await _system.Terminate();
        await _services.DisposeAsync();
    }
}
