using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

/// <summary>The workers of one group, as many as there are at the moment.</summary>
internal sealed class WorkerGroup(WorkerGroupDefinition definition, ILoggerFactory loggers, TimeProvider clock)
{
    private readonly ConcurrentDictionary<int, WorkerCell> _cells = new();

    public WorkerGroupDefinition Definition => definition;

    public IEnumerable<WorkerCell> Cells => _cells.Values.OrderBy(cell => cell.Number);

    public WorkerCell Cell(int number) => _cells.GetOrAdd(number, _ => new WorkerCell(definition, number, loggers, clock));

    public void Remove(int number) => _cells.TryRemove(number, out _);
}
