using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli.Running;

/// <summary>The first request to stop asks for a drain, the second one to stop at once.</summary>
/// <remarks>A signal may come at any time, also when everything has ended: nothing here is disposed of.</remarks>
internal sealed class StopRequests(ILogger logger, TimeProvider clock)
{
    /// <summary>Within this time two signals are one: `timeout` and `dotnet run` signal a process and then its group, and it with that, on a machine that is busy a moment later.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(150);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _atOnce = new();
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _requestedAt;
    private volatile bool _isDone;

    public CancellationToken Drain => _drain.Token;

    public CancellationToken AtOnce => _atOnce.Token;

    /// <summary>Done with the first request.</summary>
    public Task Requested => _requested.Task;

    /// <summary>The node has stopped; a later request has nothing left to ask for but haste.</summary>
    public void Conclude() => _isDone = true;

    public void Add()
    {
        bool first;
        lock (_lock)
        {
            first = _requestedAt is null;
            if (_requestedAt is { } before && clock.GetElapsedTime(before) < Echo) return;
            _requestedAt ??= clock.GetTimestamp();
        }
        if (first)
        {
            if (!_isDone) RunLog.Draining(logger);
            _requested.TrySetResult();
            _drain.Cancel();
        }
        else if (!_atOnce.IsCancellationRequested)
        {
            RunLog.StoppingAtOnce(logger);
            _atOnce.Cancel();
        }
    }
}
