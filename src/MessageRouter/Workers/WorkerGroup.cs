using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

/// <summary>The workers of one group, as many as there are at the moment.</summary>
internal sealed class WorkerGroup(WorkerGroupDefinition definition, ILoggerFactory loggers, TimeProvider clock)
{
    private readonly ConcurrentDictionary<int, WorkerCell> _cells = new();

    /// <summary>What the processes are that are started from now on.</summary>
    public WorkerGroupDefinition Definition { get; set; } = definition;

    public TimeProvider Clock => clock;

    public IEnumerable<WorkerCell> Cells => _cells.Values.OrderBy(cell => cell.Number);

    /// <summary>A worker is one of them, under a number that one may still have which has ended.</summary>
    public WorkerCell Add(int number) => _cells[number] = new WorkerCell(Definition, number, loggers, clock);

    /// <summary>A worker has ended; its number may be another one's by now.</summary>
    public void Remove(WorkerCell cell) => _cells.TryRemove(KeyValuePair.Create(cell.Number, cell));
}
