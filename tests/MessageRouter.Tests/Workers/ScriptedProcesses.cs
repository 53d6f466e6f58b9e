using System.Collections.Concurrent;
using System.Threading.Channels;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Workers;

/// <summary>Processes that do what a test says.</summary>
internal sealed class ScriptedProcesses : IWorkerProcesses
{
    private readonly Channel<ScriptedProcess> _started = Channel.CreateUnbounded<ScriptedProcess>();
    private int _lastId = 100;

    /// <summary>What is wrong with every start; null for nothing.</summary>
    public string? Problem { get; set; }

    /// <summary>What was done to which process, in order.</summary>
    public ConcurrentQueue<string> Deeds { get; } = new();

    /// <summary>Whether a process is waiting to be taken by a test.</summary>
    public bool HasNext => _started.Reader.TryPeek(out _);

    public void Check(WorkerGroupDefinition group)
    {
    }

    public IWorkerProcess Start(WorkerGroupDefinition group, int number, Action<string> line)
    {
        if (Problem is { } problem) throw new WorkerStartException(group, problem);
        var process = new ScriptedProcess($"{group.Name}.{number}", Interlocked.Increment(ref _lastId), line, Deeds);
        _started.Writer.TryWrite(process);
        return process;
    }

    /// <summary>The process that was started next.</summary>
    public Task<ScriptedProcess> NextAsync() => _started.Reader.ReadAsync().AsTask().WaitAsync(TestNode.Patience);

    public async Task<IReadOnlyList<ScriptedProcess>> NextAsync(int count)
    {
        var processes = new List<ScriptedProcess>();
        while (processes.Count < count) processes.Add(await NextAsync());
        return [.. processes.OrderBy(process => process.Name)];
    }
}

internal sealed class ScriptedProcess(string name, int id, Action<string> line, ConcurrentQueue<string> deeds) : IWorkerProcess
{
    private readonly TaskCompletionSource<WorkerExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public int Id => id;

    /// <summary>Whether SIGTERM ends it.</summary>
    public bool HeedsTerminate { get; set; } = true;

    /// <summary>Whether it gives signs of life.</summary>
    public bool IsAlive { get; set; }

    /// <summary>Whether SIGKILL does.</summary>
    public bool HeedsKill { get; set; } = true;

    public Task<WorkerExit> Exited => _exited.Task;

    public bool TakeSign() => IsAlive;

    public void Write(string text) => line(text);

    public void Exit(int code) => _exited.TrySetResult(new WorkerExit(code));

    public void Terminate()
    {
        deeds.Enqueue($"terminate {name}");
        if (HeedsTerminate) Exit(0);
    }

    public void Kill()
    {
        deeds.Enqueue($"kill {name}");
        if (HeedsKill) Exit(137);
    }
}
