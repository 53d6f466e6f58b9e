using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;
using MessageRouter.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using Xunit.Abstractions;

namespace MessageRouter.TestKit;

/// <summary>
/// The base class of tests for filters, inputs and outputs. A test starts a component, sends it messages and looks at
/// what comes out, what fails and what the ledger says. Time moves only when told to. After the test the node is
/// stopped, and the test fails if its ledger does not balance.
/// </summary>
/// <example>
/// <code>
/// public sealed class RedactTests : RouterTestKit
/// {
///     [Fact]
///     public async Task Removes_the_secret_fields()
///     {
///         var filter = await StartAsync&lt;Redact&gt;("fields = [password]");
///         filter.Send("""{"user":"ann","password":"x"}""");
///         Assert.Equal(["""{"user":"ann"}"""], await filter.ReceiveAsync(1));
///     }
/// }
/// </code>
/// </example>
public abstract class RouterTestKit : Akka.TestKit.Xunit2.TestKit, IAsyncLifetime
{
    private readonly VirtualTime _clock;
    private readonly RecordingLog _log;
    private readonly List<NodeUnderTest> _nodes = [];

    /// <summary>Makes the kit; <paramref name="output"/>, which xunit gives to a constructor that asks for it, shows the node's log.</summary>
    protected RouterTestKit(ITestOutputHelper? output = null)
        : base(NodeUnderTest.ActorSystemConfig, "test", output)
    {
        _clock = VirtualScheduler.ClockOf(Sys);
        _log = new RecordingLog(output);
    }

    /// <summary>
    /// The clock of the node and of Akka's scheduler. It begins at 2020-01-01T00:00Z and moves only when told to;
    /// <see cref="NodeUnderTest.AdvanceAsync"/> moves it so that nothing is missed.
    /// </summary>
    protected FakeTimeProvider Clock => _clock;

    /// <summary>How long the kit waits, in real time, for what must happen; reached only when a test fails. Default 15 s.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(15);

    /// <summary>Adds services that constructors of components ask for. Runs at each start of a node.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    /// <summary>Registers components, besides the built-in ones, that <c>type</c> can name in <see cref="StartNodeAsync"/>.</summary>
    protected virtual void RegisterComponents(ComponentRegistry registry)
    {
    }

    /// <summary>Starts one component: a filter or an input sends to the test, a filter or an output gets what the test sends.</summary>
    /// <typeparam name="TComponent">Its class.</typeparam>
    /// <param name="options">The keys of its block, as HOCON, without <c>type</c>, <c>class</c> and <c>to</c>: its own options,
    /// <c>mailbox</c>, <c>supervision</c>, and <c>decode</c> or <c>encode</c>.</param>
    /// <exception cref="ConfigurationException">The options are wrong; the message is what the node would print for a file.</exception>
    /// <exception cref="ComponentStartException">The component could not open.</exception>
    protected Task<ComponentUnderTest> StartAsync<TComponent>(string options = "")
        where TComponent : ComponentActor => StartAsync(typeof(TComponent), options);

    /// <summary>Starts one component with an options object, checked as those of a file.</summary>
    /// <typeparam name="TComponent">Its class.</typeparam>
    /// <param name="options">An instance of its <c>Options</c>.</param>
    /// <exception cref="ConfigurationException">The options are wrong.</exception>
    /// <exception cref="ComponentStartException">The component could not open.</exception>
    protected Task<ComponentUnderTest> StartAsync<TComponent>(object options)
        where TComponent : ComponentActor => StartAsync(BlockReader.Of(typeof(TComponent), options));

    /// <summary>
    /// Starts a whole node. <c>class</c> finds classes of the test's assembly and of those it uses. Outputs of type
    /// <c>test</c> keep what they get; write <c>errors { type = test }</c> to see what fails. A stop has an hour of virtual
    /// time, whatever <c>shutdown</c> says.
    /// </summary>
    /// <param name="hocon">The text of a configuration file.</param>
    /// <exception cref="ConfigurationException">It is wrong.</exception>
    /// <exception cref="ComponentStartException">A component could not open.</exception>
    protected Task<NodeUnderTest> StartNodeAsync(string hocon)
    {
        var registry = BuiltIns.Registry();
        RegisterComponents(registry);
        var definition = NodeReader.Read(HoconReader.ReadText("node", hocon), registry, AssembliesWithComponents());
        if (definition.AkkaHocon.Length > 0)
            throw new ArgumentException("The actor system is the test kit's; leave the `akka` block out.", nameof(hocon));
        return StartAsync(definition with { DrainTimeout = BlockReader.DrainTimeout });
    }

    /// <summary>Called by xunit before the test.</summary>
    public virtual Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Called by xunit after the test: stops the node and checks that its ledger balances.</summary>
    public virtual async Task DisposeAsync()
    {
        try
        {
            foreach (var node in _nodes) await node.StopAsync();
        }
        finally
        {
            foreach (var node in _nodes) await node.ReleaseAsync();
        }
        foreach (var node in _nodes.Where(node => !node.Ledger.Balanced))
            Assert.Fail(node.Describe("The ledger does not balance."));
    }

    private protected int RunningTimers => _clock.RunningTimers;

    private protected Task<ComponentUnderTest> StartAsync(Type component, string options) => StartAsync(BlockReader.Read(component, options));

    private async Task<ComponentUnderTest> StartAsync(ComponentDefinition subject) =>
        new(await StartAsync(BlockReader.Around(subject)), subject);

    private async Task<NodeUnderTest> StartAsync(NodeDefinition definition)
    {
        if (_nodes.Any(running => !running.HasStopped))
            throw new InvalidOperationException("A node of this test is running; stop it before the next one, or describe both as one with StartNodeAsync.");
        if (_nodes.LastOrDefault() is { } last) await last.MakeRoomAsync();
        var node = new NodeUnderTest(definition, Sys, _clock, _log, Patience, ConfigureServices);
        _nodes.Add(node);
        await node.StartAsync();
        return node;
    }

    private IEnumerable<Assembly> AssembliesWithComponents()
    {
        var router = typeof(RouterNode).Assembly.GetName().Name;
        var own = GetType().Assembly;
        return own.GetReferencedAssemblies().Select(Assembly.Load)
            .Where(used => used.GetReferencedAssemblies().Any(name => name.Name == router))
            .Prepend(own);
    }
}
