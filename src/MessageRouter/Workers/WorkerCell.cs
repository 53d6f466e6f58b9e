using MessageRouter.Components;
using MessageRouter.Ledger;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

/// <summary>What belongs to a worker whichever process is at work; its actor writes it, the ledger reads it.</summary>
internal sealed class WorkerCell
{
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private WorkerState _state;
    private int? _processId;
    private long _startedAt;
    private long _restarts;
    private string? _lastError;
    private bool _isGivenUp;

    public WorkerCell(WorkerGroupDefinition group, int number, ILoggerFactory loggers, TimeProvider clock)
    {
        Group = group;
        Number = number;
        Logger = loggers.CreateLogger(Name);
        Restarts = new RestartTracker(group.Supervision, clock);
        Lines = new WorkerLines(Logger, clock);
        _clock = clock;
    }

    public WorkerGroupDefinition Group { get; }

    /// <summary>From 1 within the group.</summary>
    public int Number { get; }

    public string Name => $"{Group.Name}.{Number}";

    public ILogger Logger { get; }

    public TimeProvider Clock => _clock;

    public RestartTracker Restarts { get; }

    public WorkerLines Lines { get; }

    /// <summary>The supervision policy has ended it.</summary>
    public bool IsGivenUp
    {
        get
        {
            lock (_lock) return _isGivenUp;
        }
    }

    /// <summary>Whether its first process runs.</summary>
    public bool HasComeUp
    {
        get
        {
            lock (_lock) return _state == WorkerState.Running && _restarts == 0;
        }
    }

    /// <summary>Whether its next process is due after a pause.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_lock) return _state == WorkerState.Waiting;
        }
    }

    public void Started(int processId)
    {
        lock (_lock) (_state, _processId, _startedAt) = (WorkerState.Running, processId, _clock.GetTimestamp());
    }

    /// <returns>How long the process has lived.</returns>
    public TimeSpan Ended()
    {
        lock (_lock)
        {
            var lived = Uptime;
            _processId = null;
            return lived;
        }
    }

    public void WillRestart(string problem)
    {
        lock (_lock) (_state, _restarts, _lastError) = (WorkerState.Waiting, _restarts + 1, problem);
    }

    public void GiveUp(string problem)
    {
        lock (_lock) (_state, _isGivenUp, _lastError) = (WorkerState.Stopped, true, problem);
    }

    public void Stopping()
    {
        lock (_lock) _state = WorkerState.Stopping;
    }

    public void Stopped()
    {
        lock (_lock) (_state, _processId) = (WorkerState.Stopped, null);
    }

    public ProcessLine Line()
    {
        lock (_lock)
        {
            return new ProcessLine(Name, Group.Name, _processId, _state.ToString().ToLowerInvariant(), _restarts, Math.Round(Uptime.TotalSeconds, 3), _lastError);
        }
    }

    private TimeSpan Uptime => _processId is null ? TimeSpan.Zero : _clock.GetElapsedTime(_startedAt);
}
