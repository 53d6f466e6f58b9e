using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

/// <summary>One running node: starts its components, says when its inputs have ended, drains and stops them, and keeps the ledger.</summary>
public sealed class RouterNode
{
    /// <summary>What a component may take to close when everything is drained.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Topology _topology;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _startFailed = new();
    private IActorRef _router = ActorRefs.Nobody;
    private Task<bool>? _stopping;

    /// <summary>Makes a node that is not started yet.</summary>
    /// <param name="definition">What it consists of.</param>
    /// <param name="services">Where components get the services that their constructors ask for.</param>
    /// <param name="loggers">Logs of the node and its components.</param>
    /// <param name="clock">The node's clock.</param>
    public RouterNode(NodeDefinition definition, IServiceProvider services, ILoggerFactory loggers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(clock);
        _topology = new Topology(definition, loggers, clock);
        _services = services;
        _logger = loggers.CreateLogger("router");
        _clock = clock;
        _startedAt = clock.GetTimestamp();
    }

    /// <summary>What the node consists of.</summary>
    public NodeDefinition Definition => _topology.Definition;

    /// <summary>
    /// Done when the node has nothing left to do: every input has ended and handed on what it read, or every output has
    /// been stopped by its supervision, so that nothing could leave any more. The node still has to be stopped.
    /// </summary>
    public Task Ended => Task.WhenAny(DrainedOf(ComponentRole.Input), DrainedOf(ComponentRole.Output));

    /// <summary>Whether the supervision policy has ended a component.</summary>
    public bool HasFailedComponents => _topology.All.Any(cell => cell.StoppedByFailure);

    /// <summary>Starts the components as <c>/user/router</c> of an actor system that has the router's settings.</summary>
    /// <exception cref="ComponentStartException">One could not be started; those that were are stopped again.</exception>
    public async Task StartAsync(ActorSystem system, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        var activator = new ComponentActivator(_services);
        _router = system.ActorOf(Props.Create(() => new RouterActor(_topology, activator)), "router");
        try
        {
            await _router.Ask<RouterActor.Started>(new RouterActor.Start(), Timeout.InfiniteTimeSpan, cancellation);
        }
        catch
        {
            await _startFailed.CancelAsync();
            await StopActorsAsync();
            _router = ActorRefs.Nobody;
            throw;
        }
        RoutingLog.Started(_logger, Definition.Name, Definition.Components.Count);
        foreach (var cell in _topology.Components.Where(cell => cell.Endpoints.Count > 0))
            RoutingLog.Endpoints(_logger, cell.Name, string.Join(", ", cell.Endpoints));
    }

    /// <summary>
    /// Stops the inputs, lets everything under way arrive within the drain timeout, and stops. What is left then is
    /// counted as dropped at shutdown. Further calls share the first one's result.
    /// </summary>
    /// <param name="cancellation">Ends the drain at once.</param>
    /// <returns>False where the drain ran out of time; true where it did not, or the node was not started.</returns>
    public Task<bool> StopAsync(CancellationToken cancellation = default)
    {
        lock (_lock) return _router.IsNobody() ? Task.FromResult(true) : _stopping ??= StopOnceAsync(cancellation);
    }

    /// <summary>What every component and edge has counted up to now.</summary>
    public LedgerSnapshot Ledger() =>
        LedgerSnapshot.Of(_topology, _clock.GetElapsedTime(_startedAt));

    private async Task<bool> StopOnceAsync(CancellationToken cancellation)
    {
        var drained = true;
        using (var timeout = new CancellationTokenSource(Definition.DrainTimeout, _clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation, _startFailed.Token))
        {
            var drain = _router.Ask<RouterActor.Drained>(new RouterActor.Drain(), Timeout.InfiniteTimeSpan, either.Token);
            using var progress = _clock.CreateTimer(_ => LogProgress(), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
            try
            {
                await drain;
            }
            catch (Exception exception) when (exception is OperationCanceledException or AskTimeoutException)
            {
                // The start stops what it had started itself.
                if (_startFailed.IsCancellationRequested) return true;
                drained = false;
                RoutingLog.DrainTimedOut(_logger, Remaining());
            }
        }
        return await StopActorsAsync() && drained;
    }

    /// <returns>False where a component did not end, because it blocks its thread.</returns>
    private async Task<bool> StopActorsAsync()
    {
        foreach (var cell in _topology.All) cell.Mailbox.ReasonWhenClosed = DropReasons.Shutdown;
        try
        {
            await _router.GracefulStop(Timeout.InfiniteTimeSpan).WaitAsync(StopTimeout, _clock);
            return true;
        }
        catch (TimeoutException)
        {
            RoutingLog.ComponentsLeft(_logger, Remaining());
            return false;
        }
    }

    private void LogProgress() => RoutingLog.Draining(_logger, Remaining());

    private Task DrainedOf(ComponentRole role) => Task.WhenAll(_topology.Of(role).Select(cell => cell.Drained.Task));

    private string Remaining() => string.Join(", ",
        _topology.All.Where(cell => cell.Queued > 0).Select(cell => $"{cell.Name} {cell.Queued}"));
}
