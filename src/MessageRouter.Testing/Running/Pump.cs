using System.Collections.Concurrent;
using Akka.Dispatch;

namespace MessageRouter.Testing.Running;

/// <summary>
/// Runs the actors of a system one after the other, in the order in which they were woken, when told to: so a test comes out the same every time, and
/// it is known when nothing is left to do.
/// </summary>
internal sealed class Pump
{
    private readonly ConcurrentQueue<IRunnable> _waiting = new();
    private volatile TaskCompletionSource _added = NewSignal();

    /// <summary>Adds work, from any thread.</summary>
    public void Add(IRunnable work)
    {
        _waiting.Enqueue(work);
        _added.TrySetResult();
    }

    /// <summary>Runs what waits, and what comes of it, until nothing is left.</summary>
    public void Run()
    {
        while (_waiting.TryDequeue(out var next)) next.Run();
    }

    /// <summary>Runs whatever comes until something is done.</summary>
    public async Task UntilAsync(Task done)
    {
        do
        {
            Run();
            await WaitAsync(Timeout.InfiniteTimeSpan, done);
        }
        while (!done.IsCompleted);
        Run();
        await done;
    }

    /// <summary>Waits, in real time, for work that other threads bring.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="orDone">What ends the wait too.</param>
    /// <returns>Whether something is to be run.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, Task? orDone = null)
    {
        var added = _added = NewSignal();
        if (!_waiting.IsEmpty) return true;
        Task either = Task.WhenAny(added.Task, orDone ?? added.Task);
        await either.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_waiting.IsEmpty;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
