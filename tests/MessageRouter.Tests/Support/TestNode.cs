using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.TestKit;
using MessageRouter.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Support;

/// <summary>
/// A node in this process, with time that moves only when told to. Disposing it drains the node and checks that its
/// ledger balances.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen; reached only when the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly NodeUnderTest _node;
    private bool _stopped;

    private TestNode(NodeDefinition definition, Action<IServiceCollection>? configure)
    {
        System = ActorSystem.Create("test", NodeUnderTest.ActorSystemConfig);
        _node = new NodeUnderTest(definition, System, VirtualScheduler.ClockOf(System), Log, Patience, configure);
    }

    public RouterNode Node => _node.Router;

    public FakeTimeProvider Clock => _node.Clock;

    public RecordedMessages Recorded => _node.Recorded;

    public RecordingLog Log { get; } = new();

    public ActorSystem System { get; }

    public static async Task<TestNode> StartAsync(NodeDefinition definition, Action<IServiceCollection>? configure = null, Action<RouterNode>? created = null, CancellationToken cancellation = default)
    {
        var node = new TestNode(definition, configure);
        created?.Invoke(node.Node);
        try
        {
            await node._node.StartAsync(cancellation);
        }
        catch
        {
            node._stopped = true;
            await node.DisposeAsync();
            throw;
        }
        return node;
    }

    /// <summary>Lets so many seconds pass, and waits each time until the node has looked at its counters: another thread may be the one that the clock calls.</summary>
    public async Task PassSecondsAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var looks = Node.History.Looks;
            Clock.Advance(NodeHistory.Step);
            await Eventually.IsTrueAsync(() => Node.History.Looks > looks);
        }
    }

    /// <summary>A chain of components, each sending to the next, with a <c>test</c> output named <c>sink</c> at its end.</summary>
    public static Task<TestNode> StartChainAsync(params ComponentDefinition[] chain) => StartAsync(Some.Chain(chain));

    /// <summary>What a filter with these options makes of some payloads; the node is stopped then.</summary>
    public static async Task<IReadOnlyList<string>> FilterAsync<TFilter>(object? options, params string[] payloads)
        where TFilter : FilterBase
    {
        var source = new ProbeSource();
        await using var node = await StartChainAsync(source.Input(), Some.Component<TFilter>("f", options));
        source.Send(payloads);
        await node.StopAsync();
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
        return node.Texts("outputs.sink");
    }

    /// <summary>The payloads that a <c>test</c> output has up to now; the error chain's is named <c>errors</c>.</summary>
    public IReadOnlyList<string> Texts(string output) => [.. _node.Messages(output).Select(message => message.ToString())];

    public ComponentLine this[string component] => _node[component];

    /// <summary>The messages of the sink as text, when it has this many.</summary>
    public async Task<IReadOnlyList<string>> SinkAsync(int count) =>
        [.. (await _node.HasAsync("outputs.sink", count)).Select(message => message.ToString())];

    /// <summary>
    /// Waits until a component, by its path such as <c>outputs/sink</c>, has handled what it was told up to now and
    /// is done with what it was at, the timers that it then sets included.
    /// </summary>
    public Task HandledAsync(string path) => _node.HandledAsync(path);

    /// <summary>Waits until a component holds so many messages, which it has taken from its mailbox, and is done with what it does at once.</summary>
    public async Task HoldsAsync(string path, int count)
    {
        await Eventually.IsTrueAsync(() => CellOf(path).Counts.Held.Value == count);
        await HandledAsync(path);
    }

    public async Task<LedgerSnapshot> StopAsync()
    {
        _stopped = true;
        try
        {
            await Node.StopAsync().WaitAsync(Patience);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The node does not stop, for {Node.DescribeHoldups()}; perhaps the test has failed before. {Node.Ledger().ToJson()}", exception);
        }
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
        await System.Terminate();
        await _node.ReleaseAsync();
    }

    /// <summary>The inside of a component, by its path such as <c>filters/f</c>.</summary>
    public ComponentCell CellOf(string path) => _node.CellOf(path.Replace('/', '.'));
}
