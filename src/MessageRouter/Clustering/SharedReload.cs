using MessageRouter.Reloading;
using MessageRouter.Routing;

namespace MessageRouter.Clustering;

/// <summary>
/// A node's part in a reload that several nodes do together, all or none: what it was before is kept until it is known how that has ended. Where it is undone before
/// this node has begun, it does not begin any more; where it is at it, that is waited for.
/// </summary>
internal sealed class SharedReload(RouterNode node, TimeProvider clock)
{
    /// <summary>When nobody is waited for any longer who says how it has ended.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();

    /// <summary>Reloads and their undoing are one after the other.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private string? _undone;
    private Former? _former;

    /// <exception cref="InvalidOperationException">It is undone already, or cannot be begun.</exception>
    /// <exception cref="ReloadException">It could not be carried out.</exception>
    public Task<ReloadPlan> RunAsync(NodeDefinition next, string run, string? expect, CancellationToken cancellation)
    {
        // Who asks may be gone before it is done; what the node was is to be known all the same.
        return InTurnAsync().WaitAsync(cancellation);

        async Task<ReloadPlan> InTurnAsync()
        {
            await _turn.WaitAsync(CancellationToken.None);
            try
            {
                lock (_lock) if (_undone == run) throw new InvalidOperationException("not all nodes could reload, so that this one did not begin; nothing was done");
                var before = node.Definition;
                var plan = await node.ReloadAsync(next, expect, CancellationToken.None);
                if (plan.ChangesAnything) Keep(run, before, plan.Revision);
                return plan;
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>All have done it: there is no way back.</summary>
    public void End(string run)
    {
        lock (_lock) if (_former?.Run == run) Forget();
    }

    /// <summary>Goes back to what the node was before.</summary>
    /// <returns>What that did; null where the node has not changed.</returns>
    /// <exception cref="InvalidOperationException">It has been reloaded since.</exception>
    /// <exception cref="ReloadException">Something of what was before could not be started again: it stays as it is.</exception>
    public async Task<ReloadPlan?> UndoAsync(string run)
    {
        lock (_lock) _undone = run;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            Former former;
            lock (_lock)
            {
                if (_former is not { } kept || kept.Run != run) return null;
                former = kept;
            }
            var plan = node.PlanReload(former.Definition);
            if (plan.Revision != former.Revision + 1) throw new InvalidOperationException("it has been reloaded again since, and stays as that has left it");
            var done = await node.ReloadAsync(former.Definition, plan.Id, CancellationToken.None);
            End(run);
            return done;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(string run, NodeDefinition before, int revision)
    {
        lock (_lock)
        {
            Forget();
            _former = new Former(run, before, revision, clock.CreateTimer(_ => End(run), null, Patience, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>Under the lock.</summary>
    private void Forget()
    {
        _former?.Limit.Dispose();
        _former = null;
    }

    private sealed record Former(string Run, NodeDefinition Definition, int Revision, ITimer Limit);
}
