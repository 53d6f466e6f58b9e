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

    public WorkerCell Cell(int number) => _cells.GetOrAdd(number, _ => new WorkerCell(Definition, number, loggers, clock));

    public void Remove(int number) => _cells.TryRemove(number, out _);
}
