using System.Globalization;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

/// <summary>Says in the log when a node has as much waiting as it may, who holds most of it, and when it has room again.</summary>
internal sealed class MemoryWatch
{
    /// <summary>Components that a line names.</summary>
    private const int MostNamed = 3;

    private readonly Topology _topology;
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;
    private readonly Lock _lock = new();
    private bool _isFull;
    private bool _isSaid;

    public MemoryWatch(Topology topology, ILogger logger, TimeProvider clock)
    {
        _topology = topology;
        _logger = logger;
        _throttle = new LogThrottle(clock);
        topology.Memory.Changed += Look;
    }

    /// <remarks>Full again within a second of the last time is the same thing to whoever reads the log.</remarks>
    private void Look()
    {
        var memory = _topology.Memory;
        lock (_lock)
        {
            if (memory.IsFull == _isFull) return;
            _isFull = memory.IsFull;
            if (_isFull)
            {
                _throttle.Write(suppressed =>
                {
                    _isSaid = true;
                    RoutingLog.MemoryFull(_logger, SizeText.Of(memory.Waiting), SizeText.Of(memory.Limit), Holders(), suppressed);
                });
            }
            else if (_isSaid)
            {
                _isSaid = false;
                RoutingLog.MemoryFree(_logger, SizeText.Of(memory.Waiting));
            }
        }
    }

    private string Holders() =>
        string.Join(", ", _topology.All.Select(cell => (cell.Name, cell.Queued, cell.QueuedBytes)).OrderByDescending(cell => cell.QueuedBytes).Take(MostNamed)
            .Where(cell => cell.Queued > 0).Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Name} {cell.Queued} messages, {SizeText.Of(cell.QueuedBytes)}")));
}
