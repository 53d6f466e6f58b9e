using MessageRouter.Workers;

namespace MessageRouter.Testing.Conditions;

/// <summary>Worker processes that are none: nothing is started, and they live as long as a test has it.</summary>
internal sealed class ProcessDoubles(IReadOnlyDictionary<string, DeathCondition> deaths, TimeProvider clock) : IWorkerProcesses
{
    private readonly Dictionary<string, int> _died = [];
    private int _lastId;

    public void Check(WorkerGroupDefinition group)
    {
        // The programs need not be here.
    }

    public IWorkerProcess Start(WorkerGroupDefinition group, int number, Action<string> line)
    {
        var process = new ProcessDouble(++_lastId);
        if (!deaths.TryGetValue(group.Name, out var death)) return process;
        var died = _died.GetValueOrDefault(group.Name);
        if (death.Times > 0 && died >= death.Times) return process;
        _died[group.Name] = died + 1;
        process.DieAfter(death, clock);
        return process;
    }

    private sealed class ProcessDouble(int id) : IWorkerProcess
    {
        // Whoever waits hears of it at once, on the thread of the test.
        private readonly TaskCompletionSource<WorkerExit> _exited = new();
        private ITimer? _life;

        public int Id => id;

        public Task<WorkerExit> Exited => _exited.Task;

        public bool TakeSign() => true;

        public void Terminate() => Exit(0);

        public void Kill() => Exit(137);

        public void DieAfter(DeathCondition death, TimeProvider clock) =>
            _life = clock.CreateTimer(_ => Exit(death.ExitCode), null, death.DiesAfter, Timeout.InfiniteTimeSpan);

        private void Exit(int code)
        {
            _life?.Dispose();
            _exited.TrySetResult(new WorkerExit(code));
        }
    }
}
