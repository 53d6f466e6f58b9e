using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using MessageRouter.Components;
using MessageRouter.Hosting;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.TestKit;

/// <summary>
/// A node in the test's process, whose time moves only when told to. Components are named as in the ledger, such as
/// <c>filters.errors</c>; what comes out is seen at outputs of type <c>test</c>.
/// </summary>
public sealed class NodeUnderTest
{
    private readonly ActorSystem _system;
    private readonly ServiceProvider _services;
    private readonly VirtualTime _clock;
    private readonly RecordingLog _log;
    private readonly TimeSpan _patience;
    private readonly Dictionary<string, int> _received = [];
    private Task? _stopping;

    internal NodeUnderTest(NodeDefinition definition, ActorSystem system, VirtualTime clock, RecordingLog log, TimeSpan patience, Action<IServiceCollection>? configure)
    {
        _system = system;
        _clock = clock;
        _log = log;
        _patience = patience;
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log))
            .AddSingleton(Recorded)
            .AddSingleton<TimeProvider>(clock);
        configure?.Invoke(services);
        _services = services.AddComponentServices().BuildServiceProvider();
        Router = new RouterNode(definition, _services, NodeLoggers.Of(_services), clock);
    }

    /// <summary>What an actor system needs to have routers in it, with virtual time.</summary>
    internal static Config ActorSystemConfig { get; } = ConfigurationFactory.ParseString(
        $"{ComponentMailboxType.Hocon}\n{VirtualScheduler.Hocon}\nakka {{ loglevel = WARNING, stdout-loglevel = OFF, log-dead-letters = off, log-dead-letters-during-shutdown = off }}");

    /// <summary>The node itself.</summary>
    public RouterNode Router { get; }

    /// <summary>The node's clock, Akka's timers included. <see cref="AdvanceAsync"/> moves it so that nothing is missed.</summary>
    public FakeTimeProvider Clock => _clock;

    /// <summary>What every component has counted up to now; complete after <see cref="IdleAsync"/>.</summary>
    public LedgerSnapshot Ledger => Router.Ledger();

    /// <summary>The ledger's line of one component.</summary>
    public ComponentLine this[string component] =>
        Ledger.Components.SingleOrDefault(line => line.Name == component)
        ?? throw new ArgumentException($"There is no {component}; the node has {string.Join(", ", Ledger.Components.Select(line => line.Name))}.", nameof(component));

    /// <summary>The messages up to now that failed: what went to the error chain, if that has an output of type <c>test</c>.</summary>
    public IReadOnlyList<ErrorEvent> Errors => [.. Recorded["errors"].Select(ToErrorEvent)];

    /// <summary>The node's log up to now.</summary>
    public IReadOnlyCollection<LogLine> Log => _log.Lines;

    internal RecordedMessages Recorded { get; } = new();

    /// <summary>Whether the node has stopped, with everything drained and no component left behind.</summary>
    internal bool HasStoppedInTime { get; private set; }

    internal bool HasStopped => _stopping is { IsCompleted: true };

    /// <summary>What a <c>test</c> output such as <c>outputs.sink</c> has got up to now.</summary>
    public IReadOnlyList<Message> Messages(string output) => Recorded[output];

    /// <summary>Hands messages to an input, as one batch, as if it had read them.</summary>
    /// <param name="input">Its full name, such as <c>inputs.source</c>.</param>
    /// <param name="texts">Payloads, which the input's codec checks.</param>
    public void Send(string input, params IEnumerable<string> texts)
    {
        var intake = IntakeOf(input);
        intake.TryAdd(MessageBatch.Of(texts.Select(text => intake.NewMessage(Encoding.UTF8.GetBytes(text)))));
    }

    /// <inheritdoc cref="Send(string, IEnumerable{string})"/>
    public void Send(string input, params IEnumerable<Message> messages) => IntakeOf(input).TryAdd(MessageBatch.Of(messages));

    /// <summary>The next messages of a <c>test</c> output that this has not given before, when there are so many.</summary>
    /// <exception cref="TimeoutException">There are not, for as long as the kit waits.</exception>
    public async Task<IReadOnlyList<Message>> ReceiveMessagesAsync(string output, int count, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var from = _received.GetValueOrDefault(output);
        var messages = await HasAsync(output, from + count, cancellation);
        _received[output] = from + count;
        return [.. messages.Skip(from).Take(count)];
    }

    /// <summary>As <see cref="ReceiveMessagesAsync"/>, their payloads as text.</summary>
    public async Task<IReadOnlyList<string>> ReceiveAsync(string output, int count, CancellationToken cancellation = default) =>
        [.. (await ReceiveMessagesAsync(output, count, cancellation)).Select(message => message.ToString())];

    /// <summary>The next messages that failed, when there are so many.</summary>
    /// <exception cref="TimeoutException">There are not, for as long as the kit waits.</exception>
    public async Task<IReadOnlyList<ErrorEvent>> ReceiveErrorsAsync(int count, CancellationToken cancellation = default) =>
        [.. (await ReceiveMessagesAsync("errors", count, cancellation)).Select(ToErrorEvent)];

    /// <summary>
    /// Done when everything that was sent is handled and nothing is queued or held anywhere. What a component holds until a
    /// time comes needs <see cref="AdvanceAsync"/> first.
    /// </summary>
    /// <exception cref="TimeoutException">Something is left for as long as the kit waits.</exception>
    public async Task IdleAsync(CancellationToken cancellation = default)
    {
        await UntilAsync(
            async () =>
            {
                await SettleAsync(cancellation);
                return Cells.All(cell => cell.Queued == 0);
            },
            "Messages are left that the components hold; if they wait for a time to come, use AdvanceAsync.", cancellation);
    }

    /// <summary>
    /// Moves the time, timer by timer: each that comes due is handled before the next one, also where it was set on the way.
    /// What was sent before is taken first.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan time, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var end = _clock.GetUtcNow() + time;
        await SettleAsync(cancellation);
        while (_clock.NextDue is { } due && due <= end)
        {
            _clock.SetUtcNow(due > _clock.GetUtcNow() ? due : _clock.GetUtcNow());
            await SettleAsync(cancellation);
        }
        _clock.SetUtcNow(end);
        await SettleAsync(cancellation);
    }

    /// <summary>
    /// Makes a component fail, outside any message, and waits until its next instance is at work. Where its supervision has
    /// it wait first, because it failed again without having handled a message, the time is moved.
    /// </summary>
    /// <exception cref="InvalidOperationException">Its supervision does not restart it.</exception>
    /// <exception cref="TimeoutException">It does not open again for as long as the kit waits.</exception>
    public async Task RestartAsync(string component, CancellationToken cancellation = default)
    {
        var cell = CellOf(component);
        if (cell.Definition.Supervision.OnError != OnError.Restart)
            throw new InvalidOperationException($"The supervision of {component} does not restart it: on-error = {cell.Definition.Supervision.OnError.ToString().ToLowerInvariant()}.");
        var before = cell.Counts.Restarts.Value;
        Select(PathOf(cell)).Tell(Kill.Instance);
        await UntilAsync(() => Task.FromResult(cell.Counts.Restarts.Value > before || cell.StoppedByFailure), $"{component} was to be restarted.", cancellation);
        await UntilAsync(
            async () =>
            {
                await SettleAsync(cancellation);
                if (cell.StoppedByFailure) throw new InvalidOperationException(Describe($"{component} has been stopped by its supervision."));
                if (!cell.IsOpen && _clock.NextDue is { } due) _clock.SetUtcNow(due > _clock.GetUtcNow() ? due : _clock.GetUtcNow());
                return cell.IsOpen;
            },
            $"{component} does not open again.", cancellation);
    }

    /// <summary>
    /// Stops the node: its inputs end and what is under way arrives, while time goes on for those who wait for it.
    /// </summary>
    /// <param name="cancellation">Ends the wait, and not the stop.</param>
    /// <returns>The final ledger.</returns>
    /// <exception cref="TimeoutException">It does not stop for as long as the kit waits.</exception>
    public async Task<LedgerSnapshot> StopAsync(CancellationToken cancellation = default)
    {
        await (_stopping ??= StopOnceAsync()).WaitAsync(cancellation);
        return Ledger;
    }

    internal async Task StartAsync(CancellationToken cancellation = default)
    {
        try
        {
            await Router.StartAsync(_system, cancellation).WaitAsync(_patience);
        }
        catch
        {
            _stopping = Task.CompletedTask;
            throw;
        }
    }

    /// <summary>Waits until the actor system can have another node: until then its actors could not have these names.</summary>
    internal Task MakeRoomAsync() =>
        UntilAsync(() => Task.FromResult(((ExtendedActorSystem)_system).Guardian.GetChild(["router"]).IsNobody()), "The node's actors have not ended.");

    /// <summary>Ends the node's services.</summary>
    internal ValueTask ReleaseAsync()
    {
        ((IDisposable)Router).Dispose();
        return _services.DisposeAsync();
    }

    /// <summary>The messages of a <c>test</c> output when there are so many in all.</summary>
    internal async Task<IReadOnlyList<Message>> HasAsync(string output, int count, CancellationToken cancellation = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            return await Recorded.WaitForAsync(output, count, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(Describe($"{output} has got {Recorded[output].Count} of {count} messages."));
        }
    }

    /// <summary>A sentence with all that helps to see why.</summary>
    internal string Describe(string problem) =>
        $"{problem}\n{LedgerTable.Print(Ledger)}{string.Concat(Errors.Select(error => $"{error.Component} {error.Kind}: {error.Error}\n"))}";

    internal ComponentCell CellOf(string component) =>
        Cells.SingleOrDefault(cell => cell.Name == component)
        ?? throw new ArgumentException($"There is no {component}; the node has {string.Join(", ", Cells.Select(cell => cell.Name))}.", nameof(component));

    /// <summary>
    /// Done when every component has handled what it was told and can go no further before the time moves or something
    /// comes from outside.
    /// </summary>
    internal async Task SettleAsync(CancellationToken cancellation = default)
    {
        long[]? before = null;
        await UntilAsync(
            async () =>
            {
                await Task.WhenAll(Cells.Select(cell => HandledAsync(PathOf(cell))));
                var now = Fingerprint();
                var settled = before is not null && now.SequenceEqual(before) && !Cells.Any(cell => cell.Mailbox.HasMessages);
                before = now;
                return settled;
            },
            "The components do not come to rest.", cancellation);
    }

    /// <summary>
    /// Waits until an actor, by its path such as <c>outputs/sink</c>, has handled what it was told up to now and is done with
    /// what it was at, the timers that it then sets included.
    /// </summary>
    internal Task HandledAsync(string path) => Select(path).Ask<ActorIdentity>(new Identify(1), _patience);

    private async Task StopOnceAsync()
    {
        // What stops on its own must not see the time move.
        const int QuietPolls = 20;
        var stopping = Router.StopAsync();
        var quiet = 0;
        long[] before = [];
        await UntilAsync(
            () =>
            {
                var now = Fingerprint();
                quiet = now.SequenceEqual(before) ? quiet + 1 : 0;
                before = now;
                if (quiet >= QuietPolls && !Cells.All(cell => cell.Drained.Task.IsCompleted)) _clock.Advance(TimeSpan.FromMilliseconds(50));
                return Task.FromResult(stopping.IsCompleted);
            },
            "The node does not stop.");
        HasStoppedInTime = await stopping;
    }

    private IEnumerable<ComponentCell> Cells => Router.Components;

    private ActorSelection Select(string path) => _system.ActorSelection("/user/router/" + path);

    private static string PathOf(ComponentCell cell) =>
        cell.Name.Replace('.', '/') + (cell.Generation > 0 ? string.Create(CultureInfo.InvariantCulture, $"@{cell.Generation}") : "");

    private Intake IntakeOf(string input) =>
        CellOf(input).Intake ?? throw new ArgumentException($"{input} is not an input.", nameof(input));

    /// <summary>Every number that changes when a message moves.</summary>
    private long[] Fingerprint() =>
    [
        .. Cells.SelectMany(cell => (long[])
        [
            cell.Counts.In.Value, cell.Counts.Created.Value, cell.Counts.Out.Value, cell.Counts.Filtered.Value, cell.Counts.Failed.Value,
            cell.Counts.Held.Value, cell.Counts.Restarts.Value, cell.Mailbox.Queued, cell.Sources.Sum(edge => edge.Waiting.Value),
        ]),
    ];

    private async Task UntilAsync(Func<Task<bool>> condition, string problem, CancellationToken cancellation = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > _patience) throw new TimeoutException(Describe(problem));
            await Task.Delay(1, cancellation);
        }
    }

    private static ErrorEvent ToErrorEvent(Message message) => new((Newtonsoft.Json.Linq.JObject)message.Parse());
}
