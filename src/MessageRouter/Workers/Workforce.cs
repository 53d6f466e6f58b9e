using MessageRouter.Clustering;
using MessageRouter.Ledger;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

/// <summary>All worker processes of a node.</summary>
internal sealed class Workforce(IReadOnlyList<WorkerGroupDefinition> definitions, IServiceProvider services, ILoggerFactory loggers, TimeProvider clock)
{
    private volatile WorkerGroup[] _groups = [.. definitions.Select(definition => new WorkerGroup(definition, loggers, clock))];

    /// <summary>Changed by the actor above all of them alone.</summary>
    public IReadOnlyList<WorkerGroup> Groups => _groups;

    public IWorkerProcesses Processes => services.GetRequiredService<IWorkerProcesses>();

    /// <summary>Has the cluster place processes on its nodes.</summary>
    public IPlacements Placements => services.GetRequiredService<IPlacements>();

    /// <summary>Whether the supervision policy has ended one.</summary>
    public bool HasFailed => Groups.Any(group => group.Cells.Any(cell => cell.IsGivenUp));

    public IReadOnlyList<ProcessLine> Lines() => [.. Groups.SelectMany(group => group.Cells).Select(cell => cell.Line())];

    /// <exception cref="WorkerStartException">The processes of a group cannot be started.</exception>
    public void Check()
    {
        foreach (var group in definitions.Where(group => group.Instances > 0 || group.Placement is not null)) Processes.Check(group);
    }

    public WorkerGroup Add(WorkerGroupDefinition definition)
    {
        var group = new WorkerGroup(definition, loggers, clock);
        _groups = [.. _groups, group];
        return group;
    }

    public void Remove(string name) => _groups = [.. _groups.Where(group => group.Definition.Name != name)];

    /// <summary>Waits for what closed sockets still send within their linger time: it is meant for the workers too.</summary>
    public async Task SocketsHaveSentAsync(CancellationToken cancellation)
    {
        object?[] engines = [services.GetService<IZeroMqEngine>(), services.GetService<IPeerEngine>()];
        try
        {
            await Task.WhenAll(engines.OfType<IAsyncDisposable>().Select(engine => engine.DisposeAsync().AsTask())).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The node is to stop at once.
        }
    }
}
