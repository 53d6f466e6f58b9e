using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MessageRouter.Workers;

/// <summary>A real process, and what it has started as far as that is still in its group.</summary>
internal sealed class OperatingSystemProcess : IWorkerProcess
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;

    /// <summary>How long after its end its output is waited for, which somebody else may hold open for ever.</summary>
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Guardian? _guardian;
    private readonly NotifySocket? _signs;
    private readonly Lock _lock = new();
    private bool _ended;

    public OperatingSystemProcess(Process process, Guardian? guardian, NotifySocket? signs, Action<string> line)
    {
        _process = process;
        _guardian = guardian;
        _signs = signs;
        Id = process.Id;
        Exited = WatchAsync(line);
    }

    public int Id { get; }

    public Task<WorkerExit> Exited { get; }

    public bool TakeSign() => _signs!.TakeSign();

    public void Terminate()
    {
        lock (_lock)
        {
            if (_ended) return;
            if (OperatingSystem.IsWindows()) KillTree();
            else Signal(TerminateSignal);
        }
    }

    public void Kill()
    {
        lock (_lock)
        {
            if (_ended) return;

            // The tree first: with its parents gone it could not be followed any more.
            KillTree();
            if (!OperatingSystem.IsWindows()) Signal(KillSignal);
        }
    }

    private async Task<WorkerExit> WatchAsync(Action<string> line)
    {
        using var outputEnd = new CancellationTokenSource();
        var output = Task.WhenAll(
            OutputLines.ReadAsync(_process.StandardOutput.BaseStream, line, outputEnd.Token),
            OutputLines.ReadAsync(_process.StandardError.BaseStream, line, outputEnd.Token));
        await _process.WaitForExitAsync(CancellationToken.None);
        lock (_lock)
        {
            _ended = true;

            // What a worker has started ends with it; its successor starts its own.
            if (!OperatingSystem.IsWindows()) _ = Send(-Id, KillSignal);
            _guardian?.Forget(Id);
            _signs?.Dispose();
        }
        outputEnd.CancelAfter(OutputTimeout);
        await output;
        var exit = new WorkerExit(_process.ExitCode);

        // A process does not close what somebody else may be using.
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        return exit;
    }

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has just ended, or some of the tree is not ours to kill.
        }
    }

    /// <summary>To its group; to itself where it is none yet, or the system cannot make it one.</summary>
    private void Signal(int signal)
    {
        if (Send(-Id, signal) != 0) _ = Send(Id, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int signal);
}
