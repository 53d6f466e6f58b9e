using Akka.Actor;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using MessageRouter.Workers;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Reloading;

/// <summary>The reloads of one node, one at a time.</summary>
internal sealed class Reloads(Topology topology, Workforce workforce, IServiceProvider services, ILogger logger, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task<ReloadPlan>? _current;

    /// <summary>Done when no reload is under way.</summary>
    public Task Current
    {
        get
        {
            lock (_lock) return _current ?? Task.CompletedTask;
        }
    }

    public ReloadPlan Plan(NodeDefinition next) => new Planner(topology, workforce).Plan(next);

    /// <param name="next">The configuration.</param>
    /// <param name="expected">The <see cref="ReloadPlan.Id"/> that its plan must have; null for any.</param>
    /// <param name="system">The actor system.</param>
    /// <param name="router">The actor above all components.</param>
    /// <exception cref="InvalidOperationException">Another one is under way, the node stops, or the plan is another one.</exception>
    /// <exception cref="ReloadException">It could not be carried out.</exception>
    public Task<ReloadPlan> RunAsync(NodeDefinition next, string? expected, ActorSystem system, IActorRef router)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested) throw new InvalidOperationException("The node is stopping and cannot be reloaded any more.");
            if (_current is { IsCompleted: false }) throw new InvalidOperationException("Another reload is under way; try again when it is done.");
            return _current = Task.Run(() => RunOneAsync(Expected(Plan(next), expected), system, router));
        }
    }

    private static ReloadPlan Expected(ReloadPlan plan, string? id) =>
        id is null || plan.Id == id ? plan : throw new InvalidOperationException("The files, or the node, have changed since the plan was made; nothing was done. Make another plan.");

    /// <summary>The node stops: a reload whose configuration is not in force yet is undone, and nothing is waited for any longer.</summary>
    public async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await Current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<ReloadPlan> RunOneAsync(ReloadPlan plan, ActorSystem system, IActorRef router)
    {
        if (plan.NeedsRestart.Count > 0) ReloadLog.NeedsRestart(logger, string.Join(", ", plan.NeedsRestart));
        if (!plan.ChangesAnything)
        {
            ReloadLog.NothingChanged(logger);
            return plan;
        }
        var before = Dropped();
        try
        {
            await new Reloader(plan, topology, workforce, system, router, services.GetService<IPeerEngine>(), logger, clock).RunAsync(_stopping.Token);
        }
        catch (ReloadException exception)
        {
            if (exception.NotTakenBack.Count == 0) ReloadLog.Failed(logger, exception.Message);
            else ReloadLog.FailedInPart(logger, exception.Message);
            throw;
        }
        foreach (var block in plan.Blocks.Where(block => block.Action != BlockAction.Untouched))
            ReloadLog.Block(logger, block.Name, $"{PlanText.Word(block.Action)}{(block.Keys.Count > 0 ? $" ({string.Join(", ", block.Keys)})" : "")}");
        ReloadLog.Done(logger, plan.Revision);
        return plan with { Dropped = Dropped() - before };
    }

    /// <summary>Messages that reloads have cost up to now.</summary>
    private long Dropped() => topology.Counted.Sum(cell => cell.AllCounts.Sum(counts => counts.Dropped[DropReasons.Reload]));
}
