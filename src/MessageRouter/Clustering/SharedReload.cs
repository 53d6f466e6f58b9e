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
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Of how many that have no way back it is remembered why.</summary>
    private const int MostRemembered = 32;

    private readonly Lock _lock = new();

    /// <summary>Reloads and their undoing are one after the other.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Queue<Ended> _ended = [];
    private string? _undone;
    private Former? _former;
    private (string Run, int Revision, ReloadException Failure)? _broken;

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
                var plan = await ReloadAsync(next, run, expect);
                if (plan.ChangesAnything) Keep(run, before, plan.Revision);
                return plan;
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private async Task<ReloadPlan> ReloadAsync(NodeDefinition next, string run, string? expect)
    {
        try
        {
            return await node.ReloadAsync(next, expect, CancellationToken.None);
        }
        catch (ReloadException failure) when (failure.NotTakenBack.Count > 0)
        {
            lock (_lock) _broken = (run, node.Topology.Revision, failure.WithoutDefinitions());
            throw;
        }
    }

    /// <summary>All have done it: there is no way back.</summary>
    public void End(string run) => End(run, "it was told that all have done it");

    /// <summary>Goes back to what the node was before.</summary>
    /// <returns>What that did; null where the node has not changed, as far as this process knows, or has gone back already.</returns>
    /// <exception cref="InvalidOperationException">It has been reloaded since, or there is no way back any more.</exception>
    /// <exception cref="ReloadException">Something of what was before could not be started again: it stays as it is, or as the reload has left it when that failed.</exception>
    public async Task<ReloadPlan?> UndoAsync(string run)
    {
        lock (_lock) _undone = run;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            Former former;
            lock (_lock)
            {
                if (_broken is { } broken && broken.Run == run && broken.Revision == node.Topology.Revision) throw broken.Failure;
                if (_former is not { } kept || kept.Run != run) return _ended.FirstOrDefault(ended => ended.Run == run) is { } ended ? throw NoWayBack(ended) : null;
                former = kept;
            }
            var plan = node.PlanReload(former.Definition);
            if (plan.Revision != former.Revision + 1) throw new InvalidOperationException("it has been reloaded again since, and stays as that has left it");
            var done = await node.ReloadAsync(former.Definition, plan.Id, CancellationToken.None);
            lock (_lock) Forget();
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
            if (_former is { } former) End(former.Run, "another reload of several nodes has come since");
            _former = new Former(run, before, revision, clock.CreateTimer(_ => End(run, "nobody has told it for a day how that reload has ended"), null, Patience, Timeout.InfiniteTimeSpan));
        }
    }

    private void End(string run, string why)
    {
        lock (_lock)
        {
            if (_former?.Run != run) return;
            if (_ended.Count == MostRemembered) _ended.Dequeue();
            _ended.Enqueue(new Ended(run, _former.Revision, why));
            Forget();
        }
    }

    private InvalidOperationException NoWayBack(Ended ended)
    {
        var revision = node.Topology.Revision;
        return new InvalidOperationException($"{ended.Why}; it stays at revision {revision}, which {(revision == ended.Revision ? "that reload has put in force" : "has come after that reload")}");
    }

    /// <summary>Under the lock.</summary>
    private void Forget()
    {
        _former?.Limit.Dispose();
        _former = null;
    }

    /// <summary>One that was carried out here, and cannot be undone any more.</summary>
    private sealed record Ended(string Run, int Revision, string Why);

    private sealed record Former(string Run, NodeDefinition Definition, int Revision, ITimer Limit);
}
