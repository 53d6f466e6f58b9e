using System.Diagnostics.Metrics;
using Akka.Actor;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration.Checks;
using MessageRouter.Configuration;
using MessageRouter.Control;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;
using MessageRouter.Monitoring.Metrics;
using MessageRouter.Monitoring.Health;
using MessageRouter.Hosting;
using MessageRouter.Pools;
using MessageRouter.Reloading;
using MessageRouter.Security;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

/// <summary>One running node: starts its components, says when its inputs have ended, drains and stops them, and keeps the ledger.</summary>
public sealed partial class RouterNode : IDisposable
{
    /// <summary>What components may take to close after the drain timeout.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(700);

    /// <summary>What they may take where the drain timeout is infinite.</summary>
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(10);

    /// <summary>What they may take when the node is to stop at once.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it is said what a drain still waits for.</summary>
    private static readonly TimeSpan ProgressStep = TimeSpan.FromSeconds(1);

    private readonly Topology _topology;
    private readonly Reloads _reloads;
    private readonly Workforce _workforce;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private readonly DateTimeOffset _startedAtTime;
    private readonly Lock _lock = new();
    private readonly Lock _abandoning = new();
    private readonly CancellationTokenSource _startFailed = new();
    private readonly Lazy<NodeHistory> _history;
    private volatile bool _isStarted;
    private IActorRef _router = ActorRefs.Nobody;
    private ActorSystem? _system;
    private Task<bool>? _stopping;

    /// <summary>Makes a node that is not started yet.</summary>
    /// <param name="definition">What it consists of.</param>
    /// <param name="services">Where components get the services that their constructors ask for.</param>
    /// <param name="loggers">Logs of the node and its components.</param>
    /// <param name="clock">The node's clock.</param>
    internal RouterNode(NodeDefinition definition, IServiceProvider services, ILoggerFactory loggers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(clock);
        _topology = new Topology(definition, loggers, clock, services.GetService<NodeSecurity>());
        _workforce = new Workforce(definition.Workers, services, loggers, clock);
        _services = services;
        _logger = loggers.CreateLogger("router");
        _ = new MemoryWatch(_topology, _logger, clock);
        _reloads = new Reloads(_topology, _workforce, services, _logger, clock);
        _clock = clock;
        (_startedAt, _startedAtTime) = (clock.GetTimestamp(), clock.GetUtcNow());
        _history = new Lazy<NodeHistory>(() => new NodeHistory(_topology, _clock));
    }

    /// <summary>What the node consists of, as the last reload has left it.</summary>
    public NodeDefinition Definition => _topology.Definition;

    /// <summary>
    /// Done when the node has nothing left to do: every input has ended and handed on what it read, or every output has
    /// been stopped by its supervision, so that nothing could leave any more. The node still has to be stopped.
    /// </summary>
    public Task Ended => WhenEndedAsync();

    /// <summary>
    /// How long a stop takes at most: the drain timeout and a moment in which components close, and on top of that the longest
    /// <c>stop-timeout</c> of its worker processes, where it has any. Infinite where the drain timeout is.
    /// </summary>
    public TimeSpan LongestStop => HasAllTime
        ? Timeout.InfiniteTimeSpan
        : Definition.DrainTimeout + Grace + Definition.Workers.Select(group => group.StopTimeout).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Whether the start was given up and messages were dropped for it, or components do not come back from what they were at when the node was stopped.</summary>
    internal bool IsCutShort { get; private set; }

    /// <summary>Cuts the drain short of a start that is given up.</summary>
    internal CancellationToken AtOnce { get; set; }

    /// <summary>Whether the actor of a component has ended although neither the node nor its supervision has ended it.</summary>
    internal bool HasLostComponents => _topology.All.Any(cell => cell is { HasEnded: true, StoppedByFailure: false, MustStop: false });

    /// <summary>Whether the supervision policy has ended a component or a worker process. One that was not tried again only because the node stops does not count.</summary>
    public bool HasFailedComponents => _topology.All.Any(cell => cell is { StoppedByFailure: true, GaveUpAtTheEnd: false }) || _workforce.HasFailed;

    internal IEnumerable<ComponentCell> Components => _topology.All;

    /// <summary>Starts the components as <c>/user/router</c> of an actor system that has the router's settings.</summary>
    /// <exception cref="ComponentStartException">One could not be started; those that were are stopped again.</exception>
    /// <exception cref="WorkerStartException">Worker processes cannot be started; nothing was.</exception>
    /// <exception cref="OperationCanceledException">The start was given up: what had come in already has been drained.</exception>
    internal async Task StartAsync(ActorSystem system, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        _workforce.Check();
        Meter = new NodeMeter(this, _services.GetService<IMeterFactory>());
        _system = system;
        var activator = new ComponentActivator(_services);
        var start = new RouterActor.Start();
        _router = system.ActorOf(Props.Create(() => new RouterActor(_topology, activator, _workforce)), "router");
        try
        {
            await _router.Ask<RouterActor.Started>(start, Timeout.InfiniteTimeSpan, cancellation);
        }
        catch (OperationCanceledException) when (start.InputsBegin.Task.IsCompleted)
        {
            // Messages have come in where an input was quick.
            IsCutShort = !await StopAsync(AtOnce);
            throw;
        }
        catch
        {
            await _startFailed.CancelAsync();
            await StopActorsAsync(Grace, CancellationToken.None);
            _router = ActorRefs.Nobody;
            throw;
        }
        _isStarted = true;
        RoutingLog.Started(_logger, Definition.Name, Definition.Components.Count);
        foreach (var cell in _topology.Components.Where(cell => cell.Endpoints.Count > 0))
            RoutingLog.Endpoints(_logger, cell.Name, string.Join(", ", cell.Endpoints));
        var open = OpenAddresses.Of(Definition.Components.Append(Definition.Errors)).ToLookup(each => each.AllowFrom.Count == 0);
        if (open[true].Any()) RoutingLog.Open(_logger, string.Join(", ", open[true]));
        if (open[false].Any()) RoutingLog.OpenToSome(_logger, string.Join(", ", open[false]));
        var readable = ReadableLinks.Of(Definition.Components.Append(Definition.Errors)).ToList();
        if (readable.Count > 0) RoutingLog.Readable(_logger, string.Join(", ", readable));
    }

    /// <summary>
    /// Stops the inputs, lets everything under way arrive within the drain timeout, and stops. What is left then is
    /// counted as dropped at shutdown, also in components that never come back from their own code: these are left behind.
    /// Worker processes are ended after that. It takes <see cref="LongestStop"/> at most. Further calls share the first one's result.
    /// </summary>
    /// <param name="cancellation">Ends the drain at once, leaves components a moment, and kills worker processes.</param>
    /// <returns>False where messages were dropped because the node stopped, or not sent to a subscriber, or a component was left behind; true where all have gone, or the node was not started.</returns>
    public Task<bool> StopAsync(CancellationToken cancellation = default)
    {
        lock (_lock) return _router.IsNobody() ? Task.FromResult(true) : _stopping ??= StopOnceAsync(cancellation);
    }

    /// <summary>What a reload would do, and why. Nothing is done.</summary>
    /// <param name="describe">Describes the node anew, as for <see cref="ReloadAsync(Action{RouterBuilder}, CancellationToken)"/>.</param>
    /// <exception cref="ConfigurationException">Something is wrong with the description.</exception>
    public ReloadPlan PlanReload(Action<RouterBuilder> describe) => PlanReload(Described(describe));

    /// <inheritdoc cref="PlanReload(Action{RouterBuilder})"/>
    internal ReloadPlan PlanReload(NodeDefinition next) => _reloads.Plan(next);

    /// <summary>
    /// Has the node become what another configuration says, while it runs. What has not changed is not touched; what is new is made ready beside what is
    /// at work, and takes over when all of it is ready. Order is kept on every way, and the ledger goes on.
    /// </summary>
    /// <param name="describe">Describes the node anew, as <c>AddMessageRouter</c> has it; files are read again. A filter that is a function is taken to be another one.</param>
    /// <param name="cancellation">Ends the wait, not the reload.</param>
    /// <returns>The plan that was carried out.</returns>
    /// <exception cref="ConfigurationException">Something is wrong with the description; nothing changes.</exception>
    /// <exception cref="ReloadException">Something could not be started: everything is as it was, but for what it names in <see cref="ReloadException.NotTakenBack"/>.</exception>
    /// <exception cref="InvalidOperationException">Another reload is under way, or the node does not run or is stopping.</exception>
    public Task<ReloadPlan> ReloadAsync(Action<RouterBuilder> describe, CancellationToken cancellation = default) => ReloadAsync(Described(describe), cancellation);

    /// <inheritdoc cref="ReloadAsync(Action{RouterBuilder}, CancellationToken)"/>
    internal Task<ReloadPlan> ReloadAsync(NodeDefinition next, CancellationToken cancellation = default) => ReloadAsync(next, expected: null, cancellation);

    /// <summary>The same, where the plan is one that somebody has seen.</summary>
    /// <param name="next">The configuration.</param>
    /// <param name="expected">The <see cref="ReloadPlan.Id"/> of that plan; null for any.</param>
    /// <param name="cancellation">Ends the wait, not the reload.</param>
    /// <exception cref="InvalidOperationException">It is another plan by now.</exception>
    internal Task<ReloadPlan> ReloadAsync(NodeDefinition next, string? expected, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_isStarted || _system is null || _stopping is not null) throw new InvalidOperationException("The node does not run, or is stopping; only a running node can be reloaded.");
            return _reloads.RunAsync(next, expected, _system, _router).WaitAsync(cancellation);
        }
    }

    internal bool IsReloading => !_reloads.Current.IsCompleted;

    private static NodeDefinition Described(Action<RouterBuilder> describe)
    {
        ArgumentNullException.ThrowIfNull(describe);
        var builder = new RouterBuilder();
        describe(builder);
        return builder.Build();
    }

    /// <summary>Reads a configuration again. Null for a node that was not started from files.</summary>
    internal NodeReadings? ReadAgain { get; set; }

    /// <summary>Stops whatever the node runs in, as a signal does: for who asks for that from outside.</summary>
    internal Action? StopHost { get; set; }

    /// <summary>Tells who looks at the node; null where nobody can.</summary>
    internal Func<WatcherStatus>? Watchers { get; set; }

    /// <summary>Its part in its cluster; null where it is in none.</summary>
    internal ICluster? Cluster { get; set; }

    /// <summary>What every component and edge has counted up to now.</summary>
    public LedgerSnapshot Ledger() =>
        LedgerSnapshot.Of(_topology, _workforce, Uptime);

    /// <summary>
    /// What goes on in the node: its ledger, and states, rates, mailboxes, connections. It costs those who route messages nothing. Rates are
    /// known from a few seconds after the first call on, or the node's start where it has a control endpoint.
    /// </summary>
    public NodeStatus Status() => new StatusReader(_topology, _workforce, History, _clock).Read(State, State == "draining" ? DescribeDrain() : null, _startedAtTime, Uptime) with { Watchers = Watchers?.Invoke(), Cluster = Cluster?.Status };

    /// <summary>How the node is, with reasons: judged by its status.</summary>
    /// <param name="thresholds">From when on something is wrong; null for those of its configuration.</param>
    public HealthReport Health(HealthOptions? thresholds = null) => HealthRules.Judge(Status(), thresholds ?? Thresholds);

    internal HealthOptions Thresholds => Definition.Control?.Options?.Health ?? new HealthOptions();

    /// <summary>Whether the node's actors answer within a time of the real clock; one that is not started has none to ask.</summary>
    internal Task<bool> AnswersAsync(TimeSpan patience) => LiveCheck.AnswersAsync(_router, patience, TimeProvider.System);

    /// <summary>The node's counters over time, looked at from the first call on.</summary>
    internal NodeHistory History => _history.Value;

    internal bool HasHistory => _history.IsValueCreated;

    internal Topology Topology => _topology;

    internal DateTimeOffset StartedAt => _startedAtTime;

    /// <summary>What components get when their constructors ask for it.</summary>
    internal IServiceProvider Services => _services;

    /// <summary>The node's instruments; null until it is started.</summary>
    internal NodeMeter? Meter { get; private set; }

    internal TimeSpan Uptime => _clock.GetElapsedTime(_startedAt);

    internal IReadOnlyList<ProcessLine> Processes => _workforce.Lines();

    /// <summary>Nobody looks at the node any more; its host disposes it.</summary>
    void IDisposable.Dispose()
    {
        Meter?.Dispose();
        if (_history.IsValueCreated) _history.Value.Dispose();
    }

    internal string State
    {
        get
        {
            lock (_lock) return _stopping is { IsCompleted: true } ? "stopped" : _stopping is not null ? "draining" : _isStarted ? "running" : "starting";
        }
    }

    /// <summary>Has the node keep another number of a group's worker processes running: new ones are started, surplus ones stopped.</summary>
    /// <returns>False where there is no such group, or the node does not run or is stopping.</returns>
    internal bool ResizeWorkers(string group, int instances)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instances);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instances, Pool.MaxSize);
        lock (_lock)
        {
            if (_router.IsNobody() || _stopping is not null || Definition.Workers.All(known => known.Name != group)) return false;
            _router.Tell(new WorkersActor.Resize(group, instances));
            return true;
        }
    }

    /// <summary>
    /// Gives a pool of filter copies another size. New copies, and those that had been stopped, take their share when all of them have started; surplus
    /// ones finish what they have, and end. Where the pool keeps an order it keeps it meanwhile too.
    /// </summary>
    /// <remarks>
    /// Groups of worker processes can be resized too; that is done when it has begun. Where the cluster places copies or processes on its nodes, the number is of all nodes together, and it is done when that has been decided.
    /// </remarks>
    /// <param name="name">The filter's name, such as <c>redact</c> or <c>filters.redact</c>; a group's, such as <c>workers.mail</c>.</param>
    /// <param name="instances">How many copies there are to be: 1 to 1000; of processes 0 to 1000; 10000 at most on all nodes together.</param>
    /// <param name="cancellation">Ends the wait, not the change.</param>
    /// <returns>Done when the pool has its new size.</returns>
    /// <exception cref="ArgumentException">The node has no such component.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    /// <exception cref="InvalidOperationException">The component is no pool, the node does not run or is stopping, or nobody decides for the cluster now.</exception>
    /// <exception cref="ComponentStartException">A new copy could not be started; the pool has the size that it had.</exception>
    public async Task ResizeAsync(string name, int instances, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var cell = _topology.Components.FirstOrDefault(cell => name == cell.Definition.Name || name == cell.Name);
        if (cell?.Pool is null && Definition.Workers.FirstOrDefault(group => name == group.Name || name == $"workers.{group.Name}") is { } group)
        {
            if (group.Placement is not null)
            {
                await ResizePlacedAsync($"workers.{group.Name}", instances, least: 0, cancellation);
                return;
            }
            if (ResizeWorkers(group.Name, instances)) return;
            throw new InvalidOperationException($"workers.{group.Name} cannot be resized: the node does not run, or is stopping.");
        }
        if (cell is null) throw new ArgumentException($"The node has no component `{name}`{DidYouMean(name)}", nameof(name));
        if (cell.Pool is not { } pool)
        {
            throw new InvalidOperationException($"{cell.Name} is not a pool and cannot be resized" + (cell.Definition.Role == ComponentRole.Filter
                ? "; `route = round-robin` in its block makes it a pool, if only of one."
                : "; only filters can be pools."));
        }
        if (cell.Definition.Placement is not null)
        {
            await ResizePlacedAsync(cell.Name, instances, least: 1, cancellation);
            return;
        }
        if (instances is < 1 or > Pool.MaxSize)
            throw new ArgumentOutOfRangeException(nameof(instances), instances, $"A pool has 1 to {Pool.MaxSize} copies.");
        if (cell.HasEnded) throw HasEnded();
        if (pool.Actor.IsNobody()) throw new InvalidOperationException("The node does not run; only the pools of a running node can be resized.");

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var done = pool.Actor.Ask<Resize.Done>(new Resize(instances) { StartsAgain = true }, Timeout.InfiniteTimeSpan, ended.Token);
        if (await Task.WhenAny(done, cell.Drained.Task) != done)
        {
            await ended.CancelAsync();
            throw HasEnded();
        }
        await done;

        InvalidOperationException HasEnded() => new($"{cell.Name} has ended and cannot be resized any more.");
    }

    /// <summary>Whether the cluster places the copies or processes of that name on its nodes.</summary>
    internal bool IsPlaced(string name) =>
        Definition.Components.Any(component => component.Placement is not null && (name == component.Name || name == component.FullName))
        || Definition.Workers.Any(group => group.Placement is not null && (name == group.Name || name == $"workers.{group.Name}"));

    private async Task ResizePlacedAsync(string name, int total, int least, CancellationToken cancellation)
    {
        if (total < least || total > PlacementOptions.MostInAll)
            throw new ArgumentOutOfRangeException(nameof(total), total, $"On all nodes together there are {least} to {PlacementOptions.MostInAll}.");
        if (Cluster is not { } cluster) throw new InvalidOperationException("The node does not run; only the pools of a running node can be resized.");
        await cluster.Placements.ResizeAsync(name, total, cancellation);
    }

    private async Task WhenEndedAsync()
    {
        while (true)
        {
            var (changed, reload) = (_topology.Changed, _reloads.Current);
            await Task.WhenAny(DrainedOf(ComponentRole.Input), DrainedOf(ComponentRole.Output), changed);

            // What ends while a reload is under way may be what it replaces.
            if (!reload.IsCompleted || !_reloads.Current.IsCompleted) await _reloads.Current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else if (!changed.IsCompleted) return;
        }
    }

    private Task DrainedOf(ComponentRole role) => Task.WhenAll(_topology.Of(role).Select(cell => cell.Drained.Task));

    private string DidYouMean(string name) =>
        Suggestion.For(name, Definition.Components.Where(component => component.IsPool).SelectMany(component => new[] { component.Name, component.FullName })) is { } near
            ? $"; did you mean `{near}`?"
            : ".";

    /// <summary>What a component has yet to deal with; of a publisher the deliveries that its subscribers still wait for, where those are more.</summary>
    private static long Left(ComponentCell cell) => Math.Max(cell.Queued, cell.Unwritten);

    /// <summary>The components of which there is some number, with it.</summary>
    private string Named(Func<ComponentCell, long> number) =>
        string.Join(", ", _topology.All.Select(cell => (cell.Name, Number: number(cell))).Where(cell => cell.Number > 0).Select(cell => $"{cell.Name} {cell.Number}"));
}
